"""The file in which a running stack says how it is reached."""

import json
from dataclasses import asdict

from workflows.errors import StackError
from workflows.runner.addresses import Addresses
from workflows.runner.data_folder import DataFolder


class StackDown(StackError):
    """No stack runs on the data folder."""


def write(folder: DataFolder, addresses: Addresses) -> None:
    """Says where the stack listens; for its owner alone, for passwords stand in it."""
    part = folder.state.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(asdict(addresses), indent=2) + "\n")
    part.replace(folder.state)


def read(folder: DataFolder) -> Addresses:
    """Where the stack on the folder listens; raises StackDown where none runs."""
    if folder.holder() is None or not folder.state.exists():
        raise StackDown(
            f"No stack runs on {folder.path}; start one with `python -m workflows up`, "
            "or say where it is with --data DIR."
        )
    return Addresses(**json.loads(folder.state.read_text()))


def forget(folder: DataFolder) -> None:
    """Says nothing any more: the stack has stopped."""
    folder.state.unlink(missing_ok=True)
