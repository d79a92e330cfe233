"""An empty function, the yardstick of the others."""

import functions_framework.aio as framework
from starlette.requests import Request
from starlette.responses import Response


@framework.http
async def empty(request: Request) -> Response:
    """Answer at once."""
    return Response(b"{}", media_type="application/json")
