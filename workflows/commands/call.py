"""`call`: sends a function its example.json as its trigger would, or runs a job with it."""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from workflows.commands.printing import duration, show
from workflows.errors import StackError
from workflows.manifest import load
from workflows.stack import Stack
from workflows.triggers import Push, Schedule, Tasked
from workflows.wiring import Function, Job

CALLER = "example-caller"


class NoExample(StackError):
    """Nothing of that name can be called, or it has no example to be called with."""


def main(arguments: argparse.Namespace) -> int:
    """Prints the answer, or how the execution ended; 1 where either is a failure."""
    stack = Stack.attach(arguments.data)
    root = Path(stack.addresses.root)
    wiring = load(root / "workflows", root)
    called = wiring.deployables.get(arguments.function)
    example = root / "functions" / arguments.function / "example.json"
    if called is None or not example.is_file():
        known = ", ".join(wiring.deployables)
        raise NoExample(
            f"{arguments.function} is no function or job with an example; known are {known}."
        )
    payload = json.loads(example.read_text("utf-8"))
    if isinstance(called, Job):
        return _run(stack, called, payload)
    call = _call_background if called.background else _call_http
    return show(asyncio.run(call(stack, called, payload)), headers=True)


def _run(stack: Stack, job: Job, example: dict[str, Any]) -> int:
    execution = asyncio.run(stack.jobs.run(job.name, **example))
    name = execution["name"].rpartition("/")[2]
    took = duration(execution["startTime"], execution["completionTime"])
    tasks = "1 task" if execution["taskCount"] == 1 else f"{execution['taskCount']} tasks"
    print(f"{name} succeeded: {tasks} in {took:.1f} s.")
    return 0


async def _call_http(stack: Stack, function: Function, example: dict[str, Any]) -> httpx.Response:
    headers = {}
    if function.access != "public":
        leaves = example["method"] == "DELETE"
        caller = f"{CALLER}-{uuid4()}" if leaves else CALLER
        token = await stack.token(caller, admin=function.access == "admin")
        headers["Authorization"] = f"Bearer {token}"
    async with stack.client(timeout=function.timeout + 60) as client:
        return await client.request(
            example["method"], example["path"], json=example.get("body"), headers=headers
        )


async def _call_background(
    stack: Stack, function: Function, payload: dict[str, Any]
) -> httpx.Response:
    url = function.url(stack.addresses.function_url_template)
    token = await stack.id_token(url)
    headers = {"Authorization": f"Bearer {token}", **_trigger_headers(function)}
    async with stack.client(timeout=function.timeout + 60) as client:
        return await client.post(url, json=payload, headers=headers)


def _trigger_headers(function: Function) -> dict[str, str]:
    match function.trigger:
        case Tasked(queue):
            name = f"call-{uuid4().hex}"
            return {"X-CloudTasks-QueueName": queue, "X-CloudTasks-TaskName": name}
        case Schedule():
            return {"X-CloudScheduler": "true", "X-CloudScheduler-JobName": function.service}
        case Push():
            return {}
    raise AssertionError(function.trigger)
