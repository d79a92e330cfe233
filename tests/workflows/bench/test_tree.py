"""The benchmarks run what is shipped, and one empty function more."""

from pathlib import Path

from workflows.bench import tree
from workflows.manifest import load


def test_the_tree_is_the_checkouts_and_the_yardstick(tmp_path: Path) -> None:
    root = tree.plant(tmp_path / "tree")
    planted, shipped = load(root / "workflows", root), load()
    assert planted.functions.keys() == {*shipped.functions, tree.EMPTY}
    assert planted.queues.keys() == shipped.queues.keys()
    assert planted.topics.keys() == shipped.topics.keys()
    assert (root / planted.functions[tree.EMPTY].source).is_file()
    assert (root / planted.functions[tree.EMPTY].source).with_name("example.json").is_file()
