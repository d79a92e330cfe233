"""Makes a city known."""
