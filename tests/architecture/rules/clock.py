"""Time comes from one clock, and into decisions as an argument."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.house import House

THE_CLOCK = "shared.runtime.clock"
# Owner -> what reads the machine's time from it.
READS_OF = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
}
SQL_TIME = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\("
    r"|\bcurrent_(?:timestamp|date|time)\b|\blocaltime(?:stamp)?\b|'now'",
    re.IGNORECASE,
)
SQL_WORD = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER)\b")
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def python_reads_the_clock(house: House) -> Iterator[str]:
    """Nothing but shared/runtime/clock.py reads the machine's time."""
    for module in house.within("functions", "shared"):
        if module.name == THE_CLOCK:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute | ast.ImportFrom) and (text := _read(node)):
                yield (
                    f"{module.path}:{node.lineno} reads {text}: "
                    "take the time as an argument, or from shared/runtime/clock.py."
                )


def sql_takes_time_as_a_parameter(house: House) -> Iterator[str]:
    """No SQL asks the database for the time: its clock cannot be set."""
    for package in ("migrations", "shared", "functions", "emulators", "workflows"):
        for path in sorted((house.root / package).rglob("*.sql")):
            text = COMMENT.sub(lambda c: re.sub(r"[^\n]", " ", c[0]), path.read_text("utf-8"))
            yield from _asked(text, str(path.relative_to(house.root)), 1)
    for module in house.within("migrations", "shared", "functions"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and SQL_WORD.search(str(node.value)):
                yield from _asked(str(node.value), module.path, node.lineno)


def now_has_no_default(house: House) -> Iterator[str]:
    """A parameter named `now` is always given: a forgotten clock must not go unnoticed."""
    for module in house.within("functions", "shared"):
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if "now" in _defaulted(node.args):
                yield f"{module.path}:{node.lineno} gives `now` a default in {node.name}()."


def _read(node: ast.Attribute | ast.ImportFrom) -> str | None:
    if isinstance(node, ast.Attribute):
        owner = ast.unparse(node.value).rpartition(".")[2]
        return f"{owner}.{node.attr}" if node.attr in READS_OF.get(owner, ()) else None
    names = {alias.name for alias in node.names} & READS_OF["time"]
    return f"time.{names.pop()}" if node.module == "time" and names else None


def _asked(sql: str, path: str, first_line: int) -> Iterator[str]:
    for found in SQL_TIME.finditer(sql):
        line = first_line + sql.count("\n", 0, found.start())
        yield f"{path}:{line} asks the database for the time ({found[0].strip('( ')}): pass it in."


def _defaulted(arguments: ast.arguments) -> set[str]:
    positional = [*arguments.posonlyargs, *arguments.args]
    tail = positional[len(positional) - len(arguments.defaults) :]
    keyword = [
        argument
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    ]
    return {argument.arg for argument in (*tail, *keyword)}
