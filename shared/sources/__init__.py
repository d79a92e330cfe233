"""What locals write: posts, where they come from, and the vibes found in them."""
