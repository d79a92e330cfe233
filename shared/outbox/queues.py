"""Which queue carries a function's tasks; a test keeps this equal to the manifest."""

from collections.abc import Mapping
from typing import Final

QUEUE_OF: Final[Mapping[str, str]] = {"prewarm_combo": "prewarm"}
