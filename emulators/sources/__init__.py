"""The bundled sample cities over HTTP, as a source that can be scraped like any other."""

from emulators.sources.server import start

__all__ = ["start"]
