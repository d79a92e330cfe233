"""Owns the OIDC issuer's HTTP face: Google's certificate endpoints and generateIdToken."""

import json
import re
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.skeleton import admin
from emulators.skeleton.calls import Calls
from emulators.skeleton.faults import Faults
from emulators.skeleton.house import House, Running
from emulators.skeleton.http_server import google_error, serve, with_faults
from emulators.skeleton.identity import ISSUER, Identity
from emulators.skeleton.in_flight import InFlight

_EMAIL = re.compile(r"[^@\s:/]+@[^@\s:/]+")
_CACHED = {"cache-control": "public, max-age=3600, must-revalidate, no-transform"}


async def start(house: House) -> Running:
    """Starts the issuer on house.ports["identity"]."""
    faults, calls, in_flight = Faults(), Calls(house.clock), InFlight()

    async def reset() -> None:
        """The key stays: whoever fetched the certificate would otherwise refuse every token."""

    controls = admin.Controls(
        "identity",
        house.clock,
        faults,
        calls,
        state=lambda: {"key_id": house.identity.key_id},
        reset=reset,
        until_idle=in_flight.until_idle,
    )
    app = Starlette(routes=[*admin.routes(controls), *_routes(house.identity, calls)])
    server = await serve(with_faults(app, faults), house.ports.get("identity", 0))
    return Running("identity", {"http": server.url}, server.stop)


def _routes(identity: Identity, calls: Calls) -> list[Route]:
    async def certificates(request: Request) -> Response:
        calls.record("GET /oauth2/v1/certs")
        return JSONResponse(identity.certificates(), headers=_CACHED)

    async def jwks(request: Request) -> Response:
        calls.record("GET /oauth2/v3/certs")
        return JSONResponse(identity.jwks(), headers=_CACHED)

    return [
        Route("/oauth2/v1/certs", certificates),
        Route("/oauth2/v3/certs", jwks),
        Route("/.well-known/openid-configuration", partial(_configuration, calls)),
        Route(
            "/v1/projects/-/serviceAccounts/{email}:generateIdToken",
            partial(_generate_id_token, identity, calls),
            methods=["POST"],
        ),
    ]


async def _configuration(calls: Calls, request: Request) -> Response:
    calls.record("GET /.well-known/openid-configuration")
    base = str(request.base_url).rstrip("/")
    return JSONResponse(
        {
            "issuer": ISSUER,
            "jwks_uri": f"{base}/oauth2/v3/certs",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
    )


async def _generate_id_token(identity: Identity, calls: Calls, request: Request) -> Response:
    email = request.path_params["email"]
    calls.record("generateIdToken", {"email": email})
    audience = _audience(await request.body())
    if audience is None or not _EMAIL.fullmatch(email):
        message = 'Send {"audience": "https://..."} for a service account named by its e-mail.'
        return JSONResponse(google_error(400, message), 400)
    return JSONResponse({"token": identity.sign_id_token(email, audience)})


def _audience(body: bytes) -> str | None:
    try:
        match json.loads(body):
            case {"audience": str() as audience} if audience:
                return audience
    except ValueError:
        pass
    return None
