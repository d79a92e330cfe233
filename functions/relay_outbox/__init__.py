"""Sends what a crash left unsent."""
