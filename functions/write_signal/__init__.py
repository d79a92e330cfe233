"""Takes one behavioral signal."""
