"""Trips a person can walk: assembly, validation, narratives, and their storage."""
