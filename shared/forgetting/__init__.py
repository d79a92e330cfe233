"""People who leave: the tombstone that remembers only that someone left, and what is erased."""
