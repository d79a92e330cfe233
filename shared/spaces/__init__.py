"""How a function meets the world: faces, envelopes, callers, settings, the clock, logs."""
