"""Synthetic travellers: people with hidden tastes who use the public HTTP API and nothing else."""
