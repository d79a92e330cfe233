"""Shows a traveller their own trip."""
