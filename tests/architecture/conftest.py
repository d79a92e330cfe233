"""A small house in which no rule finds a fault; violations are planted into copies of it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

MANIFEST = """
[functions.read_trip]
trigger = { http = "GET /api/v1/trips/{trip_id}" }
needs = ["postgres"]

[functions.list_cities]
trigger = { http = "GET /api/v1/cities" }
needs = []

[jobs.count_trips]
trigger = { schedule = "0 3 * * *" }
needs = ["storage"]
"""
SOUND = {
    "functions/__init__.py": "",
    "functions/read_trip/__init__.py": "",
    "functions/read_trip/main.py": (
        "from functions.read_trip.operation import read\n"
        "from shared.trips.postgres import Trips\n"
        "async def read_trip(request):\n"
        "    return await read(Trips())\n"
    ),
    "functions/read_trip/operation.py": (
        "from shared.trips.trip import Trip\n"
        "async def read(trips, now):\n"
        "    return Trip(await trips.read())\n"
    ),
    "functions/read_trip/example.json": "{}",
    "functions/list_cities/__init__.py": "",
    "functions/list_cities/main.py": (
        "from functions.list_cities.operation import cities\n"
        "async def list_cities(request):\n"
        "    return cities()\n"
    ),
    "functions/list_cities/operation.py": "def cities():\n    return []\n",
    "functions/list_cities/example.json": "{}",
    "functions/count_trips/__init__.py": "",
    "functions/count_trips/main.py": (
        "import sys\n"
        "from functions.count_trips.operation import count\n"
        "from shared.training.parquet import Table\n"
        "def count_trips():\n"
        "    return count(Table())\n"
        "if __name__ == '__main__':\n"
        "    sys.exit(count_trips())\n"
    ),
    "functions/count_trips/operation.py": "def count(table):\n    return 0\n",
    "functions/count_trips/example.json": '{"env": {"DAY": "2026-11-23"}, "tasks": 1}',
    "shared/__init__.py": "",
    "shared/runtime/__init__.py": "",
    "shared/runtime/clock.py": (
        "from datetime import UTC, datetime\ndef now():\n    return datetime.now(UTC)\n"
    ),
    "shared/runtime/postgres.py": "import asyncpg\nPool = asyncpg.Pool\n",
    "shared/nodes/__init__.py": "",
    "shared/nodes/node.py": "class Node: ...\n",
    "shared/nodes/postgres.py": "from shared.nodes.node import Node\n",
    "shared/trips/__init__.py": "",
    "shared/trips/trip.py": "from shared.nodes.node import Node\nclass Trip: ...\n",
    "shared/trips/postgres.py": (
        "from shared.nodes.node import Node\n"
        "from shared.runtime.postgres import Pool\n"
        "from shared.trips.trip import Trip\n"
        "class Trips: ...\n"
    ),
    "shared/training/__init__.py": "",
    "shared/training/parquet.py": "import pyarrow\nTable = pyarrow.Table\n",
    "shared/trips/queries.sql": "-- unlike now(), $1 can be set\nSELECT 1 WHERE day < $1;\n",
    "workflows/__init__.py": "",
    "workflows/trips.toml": MANIFEST,
    "emulators/__init__.py": "",
    "emulators/pubsub/__init__.py": "",
    "migrations/__init__.py": "",
    "migrations/0001_trips.sql": "CREATE TABLE trips (day date NOT NULL);\n",
    "tests/functions/read_trip/test_read.py": "",
    "tests/functions/list_cities/test_cities.py": "",
    "tests/functions/count_trips/test_count.py": "",
}

Plant = Callable[[Mapping[str, str | None]], Path]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Write the sound house with `files` laid over it (None removes one); return its root."""

    def write(files: Mapping[str, str | None]) -> Path:
        for name, text in {**SOUND, **files}.items():
            if text is not None:
                path = tmp_path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        return tmp_path

    return write
