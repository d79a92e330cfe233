"""The Anthropic Messages API: deterministic, answering from the words of the request alone."""

from emulators.anthropic.server import start

__all__ = ["start"]
