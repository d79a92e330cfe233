"""The training set's schema: its files, their columns and what each column means.

    gs://TRAINING_BUCKET/training/dt=2026-11-22/v=1/    the rows taken on that day (UTC)
        sessions-00.parquet … -15                       a row for each ranking, with its candidates
        answers-00.parquet … -15                        a row for each other signal
        personas-00.parquet … -15                       a row for each persona vector ranked for
        manifest.json                                   rows, bytes and SHA-256 of each file, totals
        _SUCCESS                                        the manifest's SHA-256: now it may be read

A trip's rows lie in the bucket of its first hex digit, in all three kinds. The newest version with
a `_SUCCESS` is the one to read; the one before it stays for seven days.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

SCHEMA_VERSION: Final = 1
PERSONA_DIMENSIONS: Final = 128

Kind = Literal["sessions", "answers", "personas"]
KINDS: Final[tuple[Kind, ...]] = ("sessions", "answers", "personas")

ColumnType = Literal[
    "text",
    "texts",
    "integer",
    "integers",
    "long",
    "real",
    "flag",
    "moment",
    "vector",
    "scores",
    "candidates",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `moment` is in microseconds of UTC, `scores` a map from a moment to a number."""

    name: str
    type: ColumnType
    meaning: str


SESSIONS: Final = (
    Column("ranking_id", "text", "the ranking; answers and personas name it too"),
    Column("trip_id", "text", "the trip that was planned from it"),
    Column("subject", "text", "a random id for the person; no user id stands anywhere"),
    Column("city", "text", "the city's slug"),
    Column("city_snapshot", "text", "the state of the city's nodes"),
    Column("record_schema", "integer", "the version of the logged record"),
    Column("policy", "text", "what turned scores into a plan"),
    Column("model", "text", "the ranker's model"),
    Column("prompt_version", "text", "the language model's prompt"),
    Column("model_version", "text", "what X-Model-Version said"),
    Column("space_version", "integer", "the vector space of personas and nodes"),
    Column("rung", "text", "the rung of the ladder that served"),
    Column("reason", "text", "why that rung"),
    Column("blend_weight", "real", "share of the cell's score against similarity"),
    Column("feature_hash", "text", "which features were logged"),
    Column("exploration_seed", "long", "the seed of what was explored"),
    Column("group_size", "integer", "travellers in the party"),
    Column("trip_days", "integer", "days of the trip"),
    Column("day_part", "text", "the part of the day, null where the whole trip was ranked"),
    Column("choice_counts", "integers", "each member's choices before it"),
    Column("archetypes", "texts", "each member's archetype"),
    Column("created_at", "moment", "when it was logged; its day is the dataset's"),
    Column("seq", "long", "order of logging; within a trip after its person left"),
    Column("simulated", "flag", "made by a simulated traveller"),
    Column("forgotten", "flag", "the person left: candidates not shown are drawn at random"),
    Column("candidates", "candidates", "all that could be shown, in retrieval order"),
)

CANDIDATES: Final = (
    Column("node_id", "text", "the activity node"),
    Column("retrieval_score", "real", "similarity in the index, null by local evidence"),
    Column("ranker_score", "real", "the ranker's best score, null where it named none"),
    Column("confidence", "real", "the ranker's best confidence"),
    Column("sources", "texts", "what retrieved it"),
    Column("shown", "flag", "whether it was in the plan: unseen is not negative"),
    Column("position", "integer", "its place in the plan from 1"),
    Column("propensity", "real", "the odds of showing it there"),
)

FEATURES: Final = (
    Column("similarity", "real", "to the persona, scaled over the set"),
    Column("quality", "real", "of the node"),
    Column("source_tier", "integer", "of the node's evidence"),
    Column("category", "text", "of the node"),
    Column("overrated", "flag", "whether locals warn of it"),
    Column("cell_scores", "scores", "the ranker's scores by day_part/trip_day"),
)

OTHER: Final = Column("other", "text", "JSON of logged fields unknown to this schema, else null")

ANSWERS: Final = (
    Column("subject", "text", "a random id for the person"),
    Column("ranking_id", "text", "the ranking that it answers"),
    Column("trip_id", "text", "the trip"),
    Column("slot_id", "text", "the slot"),
    Column("node_id", "text", "the activity node"),
    Column("signal_type", "text", "what was done"),
    Column("origin", "text", "app, backfill or system"),
    Column("weight", "real", "from the table of weights"),
    Column("weight_table_version", "integer", "which table"),
    Column("time_to_action_ms", "long", "from seeing to deciding"),
    Column("day_of_trip", "integer", "from 1"),
    Column("day_part", "text", "morning, afternoon or evening"),
    Column("group_size", "integer", "travellers in the party"),
    Column("model_version", "text", "what had ranked the slot"),
    Column("occurred_at", "moment", "when the traveller did it"),
    Column("created_at", "moment", "when the server took it; its day is the dataset's"),
    Column("seq", "long", "order of storing; within a trip after its person left"),
    Column("simulated", "flag", "made by a simulated traveller"),
)

PERSONAS: Final = (
    Column("subject", "text", "a random id for the person; null for who joined another's trip"),
    Column("ranking_id", "text", "the ranking it was used in"),
    Column("member", "integer", "place in the party from 0, the trip's owner"),
    Column("embedding", "vector", "the persona as it was then"),
    Column("space_version", "integer", "the vector's space"),
    Column("source", "text", "what the persona was made by"),
    Column("simulated", "flag", "of a simulated traveller"),
)

COLUMNS: Final[dict[Kind, tuple[Column, ...]]] = {
    "sessions": SESSIONS,
    "answers": ANSWERS,
    "personas": PERSONAS,
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """One version of one day (UTC); rows above `newest_seq` belong to a later version."""

    day: date
    version: int
    newest_seq: int

    @property
    def prefix(self) -> str:
        """Where its objects lie in the bucket."""
        return f"training/dt={self.day:%Y-%m-%d}/v={self.version}/"

    def object_of(self, kind: Kind, bucket: int) -> str:
        """Return the name of a file's object."""
        return f"{self.prefix}{kind}-{bucket:02d}.parquet"
