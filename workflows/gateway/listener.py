"""Serves a handler on a socket that is bound already."""

import socket

from aiohttp import web

from workflows.gateway.public import Handler, guarded

# The parser takes more than `guarded` lets through, so that the refusal is a sentence of ours.
_PARSED_BYTES = 256 * 1024


class Listener:
    """An HTTP server on one socket; callers who came before it started have been waiting."""

    def __init__(self, bound: socket.socket, answer: Handler) -> None:
        server = web.Server(
            guarded(answer),
            handler_cancellation=True,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=75.0,
            max_line_size=_PARSED_BYTES,
            max_field_size=_PARSED_BYTES,
        )
        self.port: int = bound.getsockname()[1]
        self._bound = bound
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=8.0)

    @property
    def url(self) -> str:
        """Base URL, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Answers from now on."""
        await self._runner.setup()
        await web.SockSite(self._runner, self._bound, backlog=2048).start()

    async def refuse(self) -> None:
        """Takes no new connections; those open are answered."""
        for site in list(self._runner.sites):
            await site.stop()

    async def stop(self) -> None:
        """Ends: calls in progress get eight seconds."""
        await self._runner.cleanup()
        self._bound.close()
