"""Prints an HTTP answer for a person."""

import json

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


def _readable(response: httpx.Response) -> str:
    try:
        return json.dumps(response.json(), indent=2, ensure_ascii=False)
    except ValueError:
        return response.text
