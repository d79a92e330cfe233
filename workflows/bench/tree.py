"""The tree that the benchmarks run: this checkout's functions and wiring, and an empty function."""

from pathlib import Path

from workflows.manifest import ROOT

EMPTY = "empty"
_YARDSTICK = Path(__file__).parent / EMPTY


def plant(folder: Path) -> Path:
    """Make the tree in `folder`, by links to the checkout, and return it: a stack's root."""
    for part in ("functions", "workflows"):
        (folder / part).mkdir(parents=True)
    for function in (ROOT / "functions").iterdir():
        if (function / "main.py").is_file():
            (folder / "functions" / function.name).symlink_to(function)
    for wiring in (ROOT / "workflows").glob("*.toml"):
        (folder / "workflows" / wiring.name).symlink_to(wiring)
    (folder / "functions" / EMPTY).symlink_to(_YARDSTICK)
    (folder / "workflows" / "empty.toml").symlink_to(_YARDSTICK / "empty.toml")
    return folder
