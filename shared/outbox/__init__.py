"""Messages and tasks promised in a transaction, and their sending."""
