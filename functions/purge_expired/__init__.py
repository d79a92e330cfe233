"""Deletes what is kept for a time only."""
