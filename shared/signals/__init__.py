"""Behavioral signals: their types, weights and rows."""
