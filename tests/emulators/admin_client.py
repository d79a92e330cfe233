"""What tests ask of an emulator's /_emulator routes."""

from typing import Any, Self

import httpx


class AdminClient:
    """Calls the admin routes at a base URL."""

    def __init__(self, url: str) -> None:
        # Plain HTTP: loading certificates would cost more than most tests.
        self._http = httpx.AsyncClient(base_url=f"{url}/_emulator", timeout=40, verify=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._http.aclose()

    async def state(self) -> dict[str, Any]:
        """GET state."""
        return await self._json("GET", "/state")

    async def advance(self, seconds: float) -> float:
        """POST clock: moves it on, returns the new time in unix seconds."""
        moved = await self._json("POST", "/clock", {"advance_s": seconds})
        return float(moved["now"])

    async def faults(self, **faults: Any) -> None:
        """POST faults."""
        await self._json("POST", "/faults", faults)

    async def reset(self) -> None:
        """POST reset."""
        (await self._http.post("/reset")).raise_for_status()

    async def until_idle(self) -> None:
        """GET idle, which must come true."""
        assert await self.is_idle(20)

    async def is_idle(self, timeout_s: float = 0.05) -> bool:
        """GET idle with a time to wait for it."""
        response = await self._http.get("/idle", params={"timeout_s": timeout_s})
        return bool(response.json()["idle"])

    async def _json(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        response = await self._http.request(method, path, json=body)
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer
