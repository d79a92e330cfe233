"""Child processes, their logs and their ports."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.workflows.waiting import ends
from workflows.processes import log_file
from workflows.processes.child import Child, run, spawn
from workflows.processes.environment import bare
from workflows.processes.log_file import LogFile, last_line
from workflows.processes.output import LineSink
from workflows.processes.ports import PortTaken, free_port, listening_socket, listens
from workflows.processes.readiness import NotReady, until_ready


@asynccontextmanager
async def python(code: str, output: Path | LineSink, folder: Path) -> AsyncIterator[Child]:
    child = await spawn(
        [sys.executable, "-c", code], environment=bare(), output=output, folder=folder
    )
    try:
        yield child
    finally:
        await child.stop(signal.SIGKILL, 5)


async def test_lines_are_handed_over_whole_whatever_their_length(tmp_path: Path) -> None:
    lines: list[str] = []
    code = "print('one'); print('x' * 100_000); print('no end', end='')"
    async with python(code, lines.append, tmp_path) as child:
        assert await child.exited() == 0
    assert lines == ["one", "x" * 100_000, "no end"]


async def test_a_line_without_end_is_handed_over_in_pieces(tmp_path: Path) -> None:
    lines: list[str] = []
    code = "import sys; sys.stdout.write('x' * 3_000_000)"
    async with python(code, lines.append, tmp_path) as child:
        await child.exited()
    assert "".join(lines) == "x" * 3_000_000


async def test_a_child_that_ignores_its_signal_is_killed_with_its_children(tmp_path: Path) -> None:
    code = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child = os.fork(); print(child or os.getpid(), flush=True); time.sleep(60)"
    )
    lines: asyncio.Queue[str] = asyncio.Queue()
    async with python(code, lines.put_nowait, tmp_path) as child:
        grandchild = int(await lines.get())
        assert await child.stop(signal.SIGTERM, 0.05) == -signal.SIGKILL
        await ends(grandchild)


async def test_a_process_that_ends_before_it_is_ready_says_so(tmp_path: Path) -> None:
    async with python("raise SystemExit(7)", tmp_path / "log", tmp_path) as child:
        with pytest.raises(NotReady, match="ended with status 7 before it answered"):
            await until_ready(child, lambda: False)


async def test_what_a_command_says_is_returned_even_if_it_never_reads_its_input() -> None:
    never = asyncio.get_running_loop().create_future()
    never.set_result("x" * 10)
    command = [sys.executable, "-c", "print('no'); raise SystemExit(3)"]
    assert await run(command, environment=bare(), feed=never) == (3, "no\n")


async def test_a_cancelled_command_is_gone(tmp_path: Path) -> None:
    started = tmp_path / "pid"
    code = f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(run([sys.executable, "-c", code], environment=bare(), feed=never))
    async with asyncio.timeout(10):
        while not (started.exists() and started.read_text()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.wait([running])
    await ends(int(started.read_text()))


def test_a_free_port_lies_where_no_outgoing_connection_takes_it() -> None:
    lowest_borrowed = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert 1024 < free_port() < lowest_borrowed


def test_a_port_counts_as_ours_only_where_we_listen_on_it() -> None:
    with listening_socket(0) as bound:
        port = bound.getsockname()[1]
        assert listens(os.getpid(), port)
        assert not listens(os.getppid(), port)
        with pytest.raises(PortTaken):
            listening_socket(port)
    assert not listens(os.getpid(), port)


def test_a_log_is_turned_over_before_it_grows_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "LARGEST", 10)
    log = LogFile(tmp_path / "a.log")
    for line in ("first line", "second line", "third"):
        log.write(line)
    log.close()
    assert (tmp_path / "a.log.1").read_text() == "second line\n"
    assert (tmp_path / "a.log").read_text() == "third\n"


def test_the_last_line_of_a_log_is_the_last_that_says_something(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("one\ntwo\n\n")
    assert last_line(tmp_path / "a.log") == "two"
    assert last_line(tmp_path / "none.log") == ""
