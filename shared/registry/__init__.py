"""Model versions: which one is in production, and how it is named on a response."""
