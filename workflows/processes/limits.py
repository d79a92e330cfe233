"""Raises what a shell allows: a login's 1,024 open files are too few for 500 callers."""

import resource

_FILES = 65_536


def allow_many_files() -> None:
    """Let this process, and those it starts, open as many files as the system permits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
