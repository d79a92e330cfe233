"""Qdrant's REST API over the real engine, in a process of its own: the engine holds the GIL."""
