"""Turns onboarding tags into a persona."""
