"""Hands a person all that is held about them."""
