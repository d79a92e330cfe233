"""The training set: what a night writes of what travellers were shown and did."""
