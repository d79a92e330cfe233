"""Measures the running system: start, trips, cold starts; it measures and does not judge."""
