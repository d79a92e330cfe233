"""What child processes may see of this process's environment, so that no setting leaks in."""

import os
from pathlib import Path

_KEPT = ("PATH", "HOME", "TMPDIR", "SSL_CERT_FILE", "HTTPS_PROXY", "NO_PROXY")


def bare() -> dict[str, str]:
    """The environment of a program: where programs and homes are, a fixed language and zone."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {"PATH": os.defpath, **kept, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def python(*paths: Path) -> dict[str, str]:
    """The environment of a Python program that imports from `paths`."""
    return {**bare(), "PYTHONPATH": os.pathsep.join(map(str, dict.fromkeys(paths)))}
