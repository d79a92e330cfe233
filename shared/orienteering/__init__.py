"""Choosing and ordering stops under time windows (orienteering); knows places, not trips."""
