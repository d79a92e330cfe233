"""Shows a person what came of a call: HTTP answers, and the times of an execution."""

import json
from datetime import datetime

import httpx


def show(response: httpx.Response, *, headers: bool = False) -> int:
    """Prints status, headers if asked, and body; returns 0 for a 2xx, else 1."""
    print(f"{response.status_code} {response.reason_phrase}")
    if headers:
        for name, value in response.headers.items():
            print(f"{name}: {value}")
        print()
    if response.content:
        print(_readable(response))
    return 0 if response.is_success else 1


def duration(begun: str, ended: str) -> float:
    """Seconds between two times as Google's APIs write them."""
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()


def _readable(response: httpx.Response) -> str:
    try:
        return json.dumps(response.json(), indent=2, ensure_ascii=False)
    except ValueError:
        return response.text
