"""What `python -m workflows` does, a module for each word."""
