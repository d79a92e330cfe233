"""Puts candidates in order: cells, the LLM ranker, the ladder, and what is logged of it."""
