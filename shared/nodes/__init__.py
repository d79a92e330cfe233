"""Activity nodes: the places of a city, their vibes, and the search among them."""
