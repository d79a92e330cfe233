"""Which queue carries a function's or a job's tasks; a test keeps this equal to the manifest."""

from collections.abc import Mapping
from typing import Final

QUEUE_OF: Final[Mapping[str, str]] = {
    "prewarm_combo": "prewarm",
    "refresh_personas": "nightly",
}
# Those of them that are jobs: their tasks call the Cloud Run API, which starts an execution.
JOBS: Final[frozenset[str]] = frozenset({"refresh_personas"})
