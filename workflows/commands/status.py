"""`status`: where everything of the running stack listens, and what its functions do."""

import argparse
import asyncio
import json

from workflows.stack import Stack


def main(arguments: argparse.Namespace) -> int:
    """Prints the status; raises StackDown where no stack runs."""
    status = asyncio.run(Stack.attach(arguments.data).status())
    if arguments.json:
        print(json.dumps(status, indent=2))
        return 0
    for key in ("gateway", "ingress", "database_url", "redis_url", "qdrant_url"):
        print(f"{key:14}{status[key]}")
    for name, faces in status["emulators"].items():
        print(f"{name:14}{' '.join(faces.values())}")
    for name, facts in {**status["engines"], **status["functions"]}.items():
        pid = facts["pid"] or ""
        print(f"{name:18}{facts['state']:10}{pid}")
    return 0
