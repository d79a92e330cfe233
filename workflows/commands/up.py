"""`up`: runs the stack until it is told to stop, or in the background with --detach."""

import argparse
import asyncio
import logging
import os
import signal
from collections.abc import Callable

import uvloop

from workflows.commands import welcome
from workflows.errors import StackError
from workflows.local import state_file
from workflows.local.launch import READY, launch, tell
from workflows.local.local_stack import LocalStack, Site
from workflows.manifest import load
from workflows.processes.limits import allow_many_files
from workflows.processes.log_file import LogFile
from workflows.runner.addresses import Addresses
from workflows.runner.data_folder import DataFolder

INTERRUPTED = 130
Told = Callable[[Addresses], None]


def main(arguments: argparse.Namespace) -> int:
    """Returns once the stack has stopped, or with --detach once it runs."""
    allow_many_files()
    folder = DataFolder(arguments.data)
    folder.prepare()
    if arguments.detach:
        return _detach(arguments, folder)
    site = Site(
        folder, arguments.root, arguments.port, tuple(arguments.option), dict(arguments.through)
    )
    pipe: int | None = arguments.ready_fd
    if pipe is None:
        return _serve(site, lambda stack: print(welcome.text(stack, folder), flush=True), echo=True)
    # Our children must not hold it open: whoever launched us reads to its end.
    os.set_inheritable(pipe, False)
    try:
        return _serve(site, lambda _: tell(pipe, READY), echo=False)
    except StackError as error:
        tell(pipe, str(error))
        raise


def _detach(arguments: argparse.Namespace, folder: DataFolder) -> int:
    options = [f"--option={option}" for option in arguments.option]
    options += [f"--through={name}={door}" for name, door in arguments.through]
    place = ["--port", str(arguments.port), "--root", str(arguments.root)]
    launch(folder.path, [*place, *options], outlive=True).until_ready()
    print(welcome.text(state_file.read(folder), folder))
    return 0


def _serve(site: Site, told: Told, *, echo: bool) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    log = LogFile(site.folder.logs / "stack.log")

    def say(line: str) -> None:
        log.write(line)
        if echo:
            print(line, flush=True)

    lock = site.folder.lock()
    try:
        stack = LocalStack(site, load(site.manifest, site.root), say)
        return uvloop.run(_until_told(stack, site.folder, told, say))
    finally:
        log.close()
        os.close(lock)


async def _until_told(
    stack: LocalStack, folder: DataFolder, told: Told, say: Callable[[str], None]
) -> int:
    told_to_stop = _stop_signals()
    starting = asyncio.create_task(stack.start())
    stopping = asyncio.create_task(told_to_stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.wait({starting})
        return INTERRUPTED
    addresses = await starting
    state_file.write(folder, addresses)
    told(addresses)
    await stopping
    say("stopping")
    state_file.forget(folder)
    await stack.stop()
    return 0


def _stop_signals() -> asyncio.Event:
    """Set by Ctrl-C, SIGTERM or a closed terminal; a second one ends this process at once.

    The kernel then tells all others to end.
    """
    told = asyncio.Event()

    def heard() -> None:
        if told.is_set():
            os._exit(INTERRUPTED)
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, heard)
    return told
