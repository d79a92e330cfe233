"""Keeps what Pub/Sub gave up delivering."""
