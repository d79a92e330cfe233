"""Makes a cell and its sentences before they are needed."""
