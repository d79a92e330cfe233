"""Creates what the manifest declares in the emulators, through the official clients.

A process of its own, `python -m workflows.local.provision FOLDER ROOT`: the clients are large and
used once. It imports them at once and reads where to call, as JSON, from standard input.
"""

import json
import sys
from pathlib import Path

from workflows.local.provisioning.jobs import create_bucket, create_jobs
from workflows.local.provisioning.messages import (
    create_queues,
    create_subscriptions,
    create_topics,
)
from workflows.local.provisioning.schedules import create_schedules
from workflows.local.provisioning.site import Site
from workflows.manifest import load


def main() -> None:
    """Reads the site, creates everything; what exists already is brought up to date."""
    folder, root = Path(sys.argv[1]), Path(sys.argv[2])
    wiring = load(folder, root)
    site = Site(**json.loads(sys.stdin.read()))
    create_topics(wiring, site)
    create_subscriptions(wiring, site)
    create_queues(wiring, site)
    create_bucket(site)
    create_jobs(wiring, site, root)
    create_schedules(wiring, site)


if __name__ == "__main__":
    main()
