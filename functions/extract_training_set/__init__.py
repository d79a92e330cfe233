"""Writes the training set of the days that are due."""
