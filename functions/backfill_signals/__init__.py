"""Imports a traveller's history."""
