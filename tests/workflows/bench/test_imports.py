"""Import times are told by package, nested ones in both, the framework's in none."""

from workflows.bench.imports import heaviest, read_import_times

# As Python 3.11 writes it: a module stands after those that it imported, two blanks deeper each.
REPORT = """\
import time: self [us] | cumulative | imported package
import time:       100 |        100 |     grpc._compression
import time:      2000 |       5000 |   grpc
import time:      1000 |       1000 |     google.api_core.retry
import time:      3000 |       4000 |   google.api_core
import time:      6000 |      15000 | google.cloud.tasks_v2
import time:      7000 |       7000 |     asyncpg
import time:       500 |       7500 |   shared.runtime.postgres
import time:       500 |       8000 | functions.read_trip.operation
import time:       300 |        300 | starlette.requests
the function says something
import time:       200 |        200 | grpc.aio
"""


def test_a_report_is_read_in_its_own_order_and_other_lines_are_not_it() -> None:
    found = read_import_times(REPORT.splitlines())
    assert len(found) == 10
    assert (found[1].module, found[1].depth, found[1].cumulative_ms) == ("grpc", 1, 5.0)
    assert found[-1].module == "grpc.aio"


def test_packages_are_ranked_by_their_outermost_imports() -> None:
    found = heaviest(read_import_times(REPORT.splitlines()), {"starlette.requests"})
    assert found == {
        "google.cloud.tasks_v2": 15.0,
        "asyncpg": 7.0,
        "grpc": 5.2,
        "google.api_core": 4.0,
    }
    assert list(found) == ["google.cloud.tasks_v2", "asyncpg", "grpc", "google.api_core"]


def test_only_the_heaviest_eight_are_told() -> None:
    lines = [f"import time: {n} | {n} | package{n}" for n in range(1000, 20000, 1000)]
    found = heaviest(read_import_times(lines), set())
    assert list(found) == [f"package{n}" for n in range(19000, 11000, -1000)]
