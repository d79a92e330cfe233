"""`status`: where everything of the running stack listens, and what its functions and jobs do."""

import argparse
import asyncio
import json
from typing import Any

from workflows.stack import Stack

NEVER = "never run"


def main(arguments: argparse.Namespace) -> int:
    """Prints the status; raises StackDown where no stack runs."""
    status = asyncio.run(_status(Stack.attach(arguments.data)))
    if arguments.json:
        print(json.dumps(status, indent=2))
        return 0
    for key in ("gateway", "ingress", "database_url", "redis_url", "qdrant_url"):
        print(f"{key:14}{status[key]}")
    for name, faces in status["emulators"].items():
        print(f"{name:14}{' '.join(faces.values())}")
    for name, facts in {**status["engines"], **status["functions"]}.items():
        pid = facts["pid"] or ""
        print(f"{name:22}{facts['state']:10}{pid}")
    for name, latest in status["jobs"].items():
        print(f"{name:22}{_ended(latest)}")
    return 0


async def _status(stack: Stack) -> dict[str, Any]:
    return {**await stack.status(), "jobs": await stack.jobs.states()}


def _ended(latest: dict[str, Any]) -> str:
    if not latest:
        return NEVER
    state = latest["completionStatus"].removeprefix("EXECUTION_").lower()
    at = latest.get("completionTime") or latest["createTime"]
    return f"{state:10}{at} {latest['name'].rpartition('/')[2]}"
