"""Plans a trip."""
