"""Each rule sees the violation it is named after, and says where it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.house import House
from tests.architecture.rules.all_rules import RULES

Plant = Callable[[Mapping[str, str | None]], Path]


@dataclass(frozen=True)
class Violation:
    """Files laid over the sound house, and the one sentence that the rule then says."""

    rule: str
    files: Mapping[str, str | None]
    says: str


READ_TRIP = (
    "from functions.read_trip.operation import read\nfrom shared.trips.postgres import Trips\n"
)
COUNT_TRIPS = '[jobs.count_trips]\nneeds = ["storage"]\n'
GATE = "class WarmParty: ...\ndef admit(travellers):\n    return object.__new__(WarmParty)\n"
RANKER = (
    "from shared.personas.gate import WarmParty, admit\n"
    "class MlRanker:\n"
    "    async def rank(self, party: WarmParty, candidates): ...\n"
)
WARM = {
    "shared/personas/__init__.py": "",
    "shared/personas/gate.py": GATE,
    "shared/ranking/__init__.py": "",
    "shared/ranking/warm.py": RANKER,
}
TIMED = """
[functions.read_trip]
trigger = { http = "GET /api/v1/trips/{trip_id}" }
needs = ["postgres"]
timeout = "5s"
"""
VIOLATIONS = [
    Violation(
        "budgets_end_before_timeouts",
        {
            "workflows/trips.toml": TIMED,
            "functions/read_trip/main.py": READ_TRIP
            + "_S = 4.5\npublic_face(1, budget_seconds=_S)\n",
        },
        "functions/read_trip/main.py:4 answers after 4.5 s at the latest, too close to the 5 s of "
        "its timeout in the manifest.",
    ),
    Violation(
        "budgets_end_before_timeouts",
        {
            "workflows/trips.toml": TIMED,
            "functions/read_trip/main.py": READ_TRIP + "public_face(1, limit_seconds=f(2))\n",
        },
        "functions/read_trip/main.py:3 does not give its budget as a number.",
    ),
    Violation(
        "only_main_joins_drivers",
        {"functions/list_cities/operation.py": "from shared.trips.postgres import Trips\n"},
        "functions/list_cities/operation.py:1 imports the driver shared.trips.postgres: "
        "only a function's main.py joins drivers.",
    ),
    Violation(
        "only_main_joins_drivers",
        {"shared/trips/trip.py": "\nimport shared.trips.postgres\n"},
        "shared/trips/trip.py:2 imports the driver shared.trips.postgres: "
        "only a function's main.py joins drivers.",
    ),
    Violation(
        "only_main_joins_drivers",
        {"shared/trips/postgres.py": "def save():\n    from shared.nodes import postgres\n"},
        "shared/trips/postgres.py:2 imports the driver shared.nodes.postgres: "
        "only a function's main.py joins drivers.",
    ),
    Violation(
        "only_main_joins_drivers",
        {
            "shared/nodes/fit.py": "import shared.nodes.postgres\nif __name__ == '__main__': ...\n",
            "shared/trips/trip.py": "from shared.nodes import fit\n",
        },
        "shared/nodes/fit.py:1 imports the driver shared.nodes.postgres: "
        "only a function's main.py joins drivers.",
    ),
    Violation(
        "drivers_add_no_dependency",
        {"shared/nodes/postgres.py": "from shared.trips.trip import Trip\n"},
        "shared/nodes/postgres.py:1 imports shared.trips.trip, of a domain that no pure file of "
        "shared/nodes knows.",
    ),
    Violation(
        "vendors_stay_in_drivers",
        {"shared/trips/trip.py": "from redis.asyncio import Redis\n"},
        "shared/trips/trip.py:1 imports redis: only a driver file named redis.py does.",
    ),
    Violation(
        "vendors_stay_in_drivers",
        {"functions/list_cities/operation.py": "from google.cloud import pubsub_v1\n"},
        "functions/list_cities/operation.py:1 imports google.cloud.pubsub_v1: "
        "only a driver file named pubsub.py does.",
    ),
    Violation(
        "operations_know_no_trigger",
        {"functions/list_cities/operation.py": "from starlette.requests import Request\n"},
        "functions/list_cities/operation.py:1 imports starlette.requests.Request: "
        "that is main.py's part.",
    ),
    Violation(
        "needs_equal_imports",
        {
            "workflows/trips.toml": "[functions.read_trip]\nneeds = []\n[functions.list_cities]\n"
            + COUNT_TRIPS
        },
        "functions/read_trip loads postgres (functions.read_trip.main -> shared.trips.postgres), "
        "which its needs do not list.",
    ),
    Violation(
        "needs_equal_imports",
        {
            "workflows/trips.toml": '[functions.read_trip]\nneeds = ["postgres", "redis"]\n'
            "[functions.list_cities]\n" + COUNT_TRIPS
        },
        "functions/read_trip says it needs redis, but its main.py reaches no driver of it.",
    ),
    Violation(
        "needs_equal_imports",
        {
            "functions/read_trip/main.py": READ_TRIP
            + "async def read_trip(request):\n    from shared.trips import redis\n",
            "shared/trips/redis.py": "import redis\n",
        },
        "functions/read_trip loads redis (functions.read_trip.main -> shared.trips.redis), "
        "which its needs do not list.",
    ),
    Violation(
        "anthropic_only_where_needed",
        {"shared/trips/trip.py": "def tell():\n    import anthropic\n"},
        "functions/read_trip can load anthropic: functions.read_trip.main -> "
        "functions.read_trip.operation -> shared.trips.trip -> anthropic.",
    ),
    Violation(
        "anthropic_only_where_needed",
        {
            "functions/list_cities/operation.py": "import asyncio, importlib\n"
            'def cities():\n    asyncio.to_thread(importlib.import_module, "anthropic")\n'
        },
        "functions/list_cities can load anthropic: functions.list_cities.main -> "
        "functions.list_cities.operation -> anthropic.",
    ),
    Violation(
        "needs_equal_imports",
        {
            "workflows/trips.toml": '[functions.read_trip]\nneeds = ["postgres"]\n'
            "[functions.list_cities]\n[jobs.count_trips]\n"
        },
        "functions/count_trips loads storage (functions.count_trips.main -> "
        "shared.training.parquet), which its needs do not list.",
    ),
    Violation(
        "pyarrow_only_in_jobs",
        {"shared/trips/trip.py": "def tell():\n    import pyarrow.parquet\n"},
        "functions/read_trip can load pyarrow: functions.read_trip.main -> "
        "functions.read_trip.operation -> shared.trips.trip -> pyarrow.parquet.",
    ),
    Violation(
        "vendors_stay_in_drivers",
        {"shared/trips/gcs.py": "import pyarrow\n"},
        "shared/trips/gcs.py:1 imports pyarrow: only a driver file named parquet.py does.",
    ),
    Violation(
        "jobs_are_commands",
        {"functions/count_trips/main.py": "def count_trips(): ...\n"},
        "functions/count_trips/main.py does not end with `if __name__ == '__main__':\n"
        "    sys.exit(count_trips())`, and so its task never fails.",
    ),
    Violation(
        "job_examples_are_executions",
        {"functions/count_trips/example.json": '{"env": {"DAY": 3}, "tasks": 1}'},
        'functions/count_trips/example.json is no execution such as {"env": {}, "tasks": 1}.',
    ),
    Violation(
        "no_training_library_is_served",
        {"shared/trips/__init__.py": "import torch\n"},
        "functions/read_trip can load torch: functions.read_trip.main -> shared.trips.postgres -> "
        "shared.trips -> torch.",
    ),
    Violation(
        "imports_are_written_out",
        {"shared/trips/trip.py": 'import importlib\nimportlib.import_module("an" + "thropic")\n'},
        "shared/trips/trip.py:2 imports by a computed name: write it out.",
    ),
    Violation(
        "nothing_served_unpickles",
        {"shared/trips/trip.py": "def load():\n    import joblib\n"},
        "shared/trips/trip.py:2 imports joblib: pickles can run code.",
    ),
    Violation(
        "nothing_served_unpickles",
        {"shared/trips/trip.py": 'import numpy\nnumpy.load("x", allow_pickle=True)\n'},
        "shared/trips/trip.py:2 passes allow_pickle: pickles can run code.",
    ),
    Violation(
        "nothing_served_unpickles",
        {"shared/trips/trip.py": 'import pandas\npandas.read_pickle("x")\n'},
        "shared/trips/trip.py:2 calls read_pickle: pickles can run code.",
    ),
    Violation(
        "sql_takes_time_as_a_parameter",
        {"migrations/0001_trips.sql": "CREATE TABLE trips (\n  at date DEFAULT NOW ()\n);\n"},
        "migrations/0001_trips.sql:2 asks the database for the time (NOW): pass it in.",
    ),
    Violation(
        "sql_takes_time_as_a_parameter",
        {"shared/trips/queries.sql": "SELECT current_timestamp;\n"},
        "shared/trips/queries.sql:1 asks the database for the time (current_timestamp): "
        "pass it in.",
    ),
    Violation(
        "sql_takes_time_as_a_parameter",
        {"shared/trips/postgres.py": 'LATE = "SELECT id FROM trips WHERE day < now()"\n'},
        "shared/trips/postgres.py:1 asks the database for the time (now): pass it in.",
    ),
    Violation(
        "python_reads_the_clock",
        {"shared/trips/trip.py": "import datetime\nat = datetime.datetime.now(datetime.UTC)\n"},
        "shared/trips/trip.py:2 reads datetime.now: "
        "take the time as an argument, or from shared/runtime/clock.py.",
    ),
    Violation(
        "python_reads_the_clock",
        {"functions/list_cities/operation.py": "from time import time\n"},
        "functions/list_cities/operation.py:1 reads time.time: "
        "take the time as an argument, or from shared/runtime/clock.py.",
    ),
    Violation(
        "now_has_no_default",
        {"shared/trips/trip.py": "def plan(days, *, now=None):\n    return days\n"},
        "shared/trips/trip.py:1 gives `now` a default in plan().",
    ),
    Violation(
        "folders_are_whole",
        {"functions/read_trip/example.json": None},
        "functions/read_trip lacks example.json.",
    ),
    Violation(
        "folders_are_whole",
        {"tests/functions/read_trip/test_read.py": None},
        "functions/read_trip lacks tests in tests/functions/read_trip/.",
    ),
    Violation(
        "folders_are_whole",
        {"workflows/trips.toml": "[functions.read_trip]\n" + COUNT_TRIPS},
        "functions/list_cities stands in no workflows/*.toml.",
    ),
    Violation(
        "folders_are_packages",
        {"functions/read_trip/__init__.py": None},
        "functions/read_trip holds modules but no __init__.py.",
    ),
    Violation(
        "entry_points_are_named_as_folders",
        {"functions/read_trip/main.py": "async def read(request): ...\n"},
        "functions/read_trip/main.py defines no read_trip, the entry point of its folder.",
    ),
    Violation(
        "main_imports_by_full_name",
        {"functions/read_trip/main.py": "from .operation import read\n"},
        "functions/read_trip/main.py:1 imports relatively: write the full name.",
    ),
    Violation(
        "names_say_what_is_inside",
        {"shared/trips/utils.py": ""},
        "shared/trips/utils.py is named utils, which says nothing of what is inside.",
    ),
    *(
        Violation(
            "only_the_gate_makes_a_warm_party",
            {**WARM, "shared/trips/trip.py": f"from shared.personas import gate\n{forged}\n"},
            "shared/trips/trip.py:2 uses WarmParty beyond an annotation: "
            "admit(travellers) alone makes one.",
        )
        for forged in (
            "party = gate.WarmParty()",
            "party = object.__new__(gate.WarmParty)",
            'party = getattr(gate, "WarmParty")',
            "class Mine(gate.WarmParty): ...",
            "from shared.personas.gate import WarmParty as Party",
        )
    ),
    *(
        Violation(
            "ml_rankers_rank_warm_parties",
            {
                **WARM,
                "shared/trips/trip.py": "from shared.ranking.warm import MlRanker\n"
                f"async def order(bpr: MlRanker, travellers, party):\n    {call}\n",
            },
            "shared/trips/trip.py:3 calls an MlRanker with something else than a WarmParty: "
            "admit the travellers first.",
        )
        for call in (
            "await bpr.rank(travellers, [])",
            "await bpr.rank(party, [])",
            "await bpr.rank(candidates=[])",
            "await bpr.rank(*travellers)",
            "await bpr.rank(party=tuple(travellers), candidates=[])",
        )
    ),
    Violation(
        "ml_rankers_rank_warm_parties",
        {
            **WARM,
            "shared/trips/bpr.py": "from shared.ranking.warm import MlRanker\n"
            "class Bpr(MlRanker):\n    async def rank(self, party: list, candidates): ...\n",
        },
        "shared/trips/bpr.py:3 lets Bpr rank something else than a WarmParty.",
    ),
    Violation(
        "nothing_overrules_the_gates_types",
        {
            **WARM,
            "shared/trips/trip.py": "from typing import Any, cast\n"
            "from shared.ranking.warm import MlRanker\nranker = cast(Any, None)\n",
        },
        "shared/trips/trip.py:3 casts beside WarmParty: let the types speak.",
    ),
    Violation(
        "nothing_overrules_the_gates_types",
        {**WARM, "shared/ranking/warm.py": f"{RANKER}party: WarmParty = []  # type: ignore\n"},
        "shared/ranking/warm.py:4 ignores a type beside WarmParty: let the types speak.",
    ),
    Violation(
        "choices_are_counted_by_the_database",
        {"shared/trips/trip.py": "def warm(t):\n    return replace(t, choice_count=20)\n"},
        "shared/trips/trip.py:2 makes up a choice count: only shared.personas.postgres reads a "
        "Traveller.",
    ),
    Violation(
        "choices_are_counted_by_the_database",
        {"functions/list_cities/operation.py": "def cities():\n    return traveller.Traveller()\n"},
        "functions/list_cities/operation.py:2 makes up a choice count: "
        "only shared.personas.postgres reads a Traveller.",
    ),
]


SOUND_WARM = """
from shared.personas.gate import WarmParty, admit
from shared.ranking.warm import MlRanker
class Ports:
    bpr: MlRanker
async def order(ports: Ports, party: "WarmParty", travellers) -> WarmParty:
    await ports.bpr.rank(party, [])
    await ports.bpr.rank(admit(travellers), [])
    admitted = admit(travellers)
    return await ports.bpr.rank(party=admitted, candidates=[])
"""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_ranking_for_an_admitted_party_breaks_no_rule(
    rule: Callable[..., object], plant: Plant
) -> None:
    house = House(plant({**WARM, "shared/trips/order.py": SOUND_WARM}))
    assert list(rule(house)) == []  # type: ignore[call-overload]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_sound_house_breaks_no_rule(rule: Callable[..., object], plant: Plant) -> None:
    assert list(rule(House(plant({})))) == []  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "violation", VIOLATIONS, ids=[f"{v.rule}-{n}" for n, v in enumerate(VIOLATIONS)]
)
def test_a_planted_violation_is_reported(violation: Violation, plant: Plant) -> None:
    (rule,) = [rule for rule in RULES if rule.__name__ == violation.rule]
    assert list(rule(House(plant(violation.files)))) == [violation.says]


def test_every_rule_has_been_seen_to_fail() -> None:
    assert {violation.rule for violation in VIOLATIONS} == {rule.__name__ for rule in RULES}
