"""Stores a published signal once."""
