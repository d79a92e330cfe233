"""`call`: sends a function its example.json, signed and addressed as its trigger would."""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from workflows.commands.printing import show
from workflows.errors import StackError
from workflows.manifest import load
from workflows.stack import Stack
from workflows.wiring import Function, Push, Schedule, Tasked

CALLER = "example-caller"


class NoExample(StackError):
    """The function does not exist or has no example to send."""


def main(arguments: argparse.Namespace) -> int:
    """Prints status, headers and body of the answer; 1 where it is an error."""
    stack = Stack.attach(arguments.data)
    root = Path(stack.addresses.root)
    functions = load(root / "workflows", root).functions
    function = functions.get(arguments.function)
    example = root / "functions" / arguments.function / "example.json"
    if function is None or not example.is_file():
        known = ", ".join(functions)
        raise NoExample(f"{arguments.function} is no function with an example; known are {known}.")
    payload = json.loads(example.read_text("utf-8"))
    call = _call_background if function.background else _call_http
    return show(asyncio.run(call(stack, function, payload)), headers=True)


async def _call_http(stack: Stack, function: Function, example: dict[str, Any]) -> httpx.Response:
    headers = {}
    if function.access != "public":
        token = await stack.token(CALLER, admin=function.access == "admin")
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
