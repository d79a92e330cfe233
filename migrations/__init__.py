"""The database schema, in numbered steps."""
