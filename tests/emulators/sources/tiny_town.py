"""The files of a city small enough to read."""

CITY = b'{"slug": "tiny-town"}'
VENUES = b'{"name": "One"}\n{"name": "Caf\xc3\xa9 Two"}\n'
