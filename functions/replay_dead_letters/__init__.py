"""Sends dead letters on their way once more."""
