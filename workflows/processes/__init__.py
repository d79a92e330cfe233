"""Processes of the local stack: started so that none outlives it, watched, and stopped."""
