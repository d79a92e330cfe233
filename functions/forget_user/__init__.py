"""Lets a person leave."""
