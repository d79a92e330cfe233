"""Cloud Run Admin API v2 (jobs): runs the tasks of jobs as processes of this machine."""

from emulators.jobs.server import start

__all__ = ["start"]
