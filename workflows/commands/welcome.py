"""What `up` prints once the stack runs: where it listens and a first call to paste."""

import json
from datetime import UTC, datetime, timedelta

from workflows.local.tokens import session_token, stack_now
from workflows.runner.addresses import Addresses
from workflows.runner.data_folder import DataFolder

TRAVELLER = "first-traveller"


def text(addresses: Addresses, folder: DataFolder) -> str:
    """Some lines for a person."""
    now = stack_now(folder.clock)
    token = session_token(TRAVELLER, folder.secrets().nextauth, now)
    start = datetime.fromtimestamp(now, UTC).date() + timedelta(days=30)
    trip = json.dumps({"city": "seattle", "start_date": start.isoformat(), "days": 3})
    emulators = (f"  {name:10}{' '.join(faces.values())}" for name, faces in _faces(addresses))
    return "\n".join(
        [
            f"gateway     {addresses.gateway}",
            f"postgres    {addresses.database_url}",
            f"redis       {addresses.redis_url}",
            f"qdrant      {addresses.qdrant_url}",
            "emulators",
            *emulators,
            "",
            "Seed a city, then plan a trip:",
            "",
            f"python -m workflows seed --city seattle --limit 100 --data {folder.path}",
            f"curl {addresses.gateway}/api/v1/trips \\",
            f"  -H 'Authorization: Bearer {token}' \\",
            "  -H 'Content-Type: application/json' \\",
            f"  -d '{trip}'",
            "",
        ]
    )


def _faces(addresses: Addresses) -> list[tuple[str, dict[str, str]]]:
    return [(name, dict(faces)) for name, faces in addresses.emulators.items()]
