"""Cloud Scheduler v1: cron jobs that call HTTP targets, on the stack's clock."""

from emulators.scheduler.server import start

__all__ = ["start"]
