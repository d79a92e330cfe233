"""`simulate`: lets synthetic travellers use a running stack for some days, on its own clock."""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg

from workflows.commands.seed import ADMIN, PATIENCE_S
from workflows.errors import StackError
from workflows.manifest import ROOT
from workflows.processes.environment import python
from workflows.runner.data_folder import DataFolder
from workflows.stack import Stack

PASSED_ON = ("travellers", "days", "seed", "city", "leave", "drift", "at_once", "report", "truth")
_KNOWN = "SELECT EXISTS (SELECT FROM activity_nodes WHERE city_id = $1)"


class SeedingFailed(StackError):
    """The city that travellers are to visit could not be seeded."""


def main(arguments: argparse.Namespace) -> int:
    """Return 0 once the days have passed, 1 where the API or the stack failed on the way."""
    stack = Stack.attach(arguments.data)
    asyncio.run(_seed_unless_known(stack, arguments.city))
    with tempfile.TemporaryDirectory(prefix="overplanned-simulate-") as folder:
        command = _command(stack, DataFolder(arguments.data), Path(folder), arguments)
        terminal = {name: os.environ[name] for name in ("TERM", "COLUMNS") if name in os.environ}
        # A process of its own: travellers share no code with what they use.
        env = python(ROOT) | terminal
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def _command(
    stack: Stack, data: DataFolder, folder: Path, arguments: argparse.Namespace
) -> list[str]:
    addresses, secret = folder / "addresses.json", folder / "secret"
    addresses.write_text(json.dumps(dict(stack.addresses.emulators)))
    secret.touch(mode=0o600)
    secret.write_text(data.secrets().nextauth)
    given = {
        "gateway": stack.gateway_url,
        "emulators": addresses,
        "secret_file": secret,
        **{name: getattr(arguments, name) for name in PASSED_ON},
    }
    options = [
        f"--{name.replace('_', '-')}={value}" for name, value in given.items() if value is not None
    ]
    return [sys.executable, "-m", "emulators.travellers", *options]


async def _seed_unless_known(stack: Stack, city: str) -> None:
    connection = await asyncpg.connect(stack.database_url)
    try:
        known: bool = await connection.fetchval(_KNOWN, city)
    finally:
        await connection.close()
    if known:
        return
    print(f"==> seeding {city}", flush=True)
    headers = {"Authorization": f"Bearer {await stack.token(ADMIN, admin=True)}"}
    async with stack.client(timeout=PATIENCE_S) as client:
        answer = await client.post("/api/v1/admin/seed-city", json={"city": city}, headers=headers)
    if answer.is_error:
        raise SeedingFailed(f"{city} was not seeded ({answer.status_code}): {answer.text}")
