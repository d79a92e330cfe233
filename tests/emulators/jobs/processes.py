"""Whether a process, of whoever it is, has ended."""

import os
import select

WAIT_MS = 5000


def has_ended(pid: int) -> bool:
    """Waits for the end of a process, up to WAIT_MS; one that nobody has reaped has ended."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        poll = select.poll()
        poll.register(watched, select.POLLIN)
        return bool(poll.poll(WAIT_MS))
    finally:
        os.close(watched)
