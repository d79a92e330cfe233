"""Google Places API (New) over an invented world in a few real cities."""

from emulators.places.server import start

__all__ = ["start"]
