"""Cloud Tasks v2: queues that call HTTP targets, with rates, retries and deduplicated names."""

from emulators.tasks.server import start

__all__ = ["start"]
