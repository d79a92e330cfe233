"""Who may call a background function: Pub/Sub, Cloud Tasks and Scheduler, as our invoker."""

from collections.abc import Mapping

from shared.runtime.bearer import find_bearer
from shared.runtime.certs import Certs, certs_at
from shared.runtime.clock import now
from shared.runtime.errors import Refusal
from shared.runtime.id_tokens import IdToken, IdTokenInvalid, read_id_token
from shared.runtime.settings import Settings


class CallerUnknown(Refusal):
    """The request does not prove that Google sent it to this function."""

    status = 401
    title = "Caller unknown"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Send a Google OIDC ID token for this function as 'Authorization: Bearer': {reason}."
        )


class CallerForbidden(Refusal):
    """Google vouches for the caller, but it is not the one who may call."""

    status = 403
    title = "Caller forbidden"

    def __init__(self, invoker: str) -> None:
        super().__init__(f"Only {invoker}, with a verified e-mail, may call this function.")


async def verify_caller(headers: Mapping[str, str], settings: Settings, audience: str) -> None:
    """Raise unless the invoker of `settings` sent this to `audience` (the function's base URL).

    Raises CallerUnknown (401), CallerForbidden (403) or CertsUnreachable (503).
    """
    certs = certs_at(settings["OIDC_CERTS_URL"])
    await verify(headers, certs, settings.invoker, audience, now().timestamp())


async def verify(
    headers: Mapping[str, str], certs: Certs, invoker: str, audience: str, at: float
) -> None:
    """As verify_caller, with the keys, the invoker's e-mail and the time (unix seconds) given."""
    text = find_bearer(headers)
    if text is None:
        raise CallerUnknown("the request has none")
    try:
        token = await _proven(read_id_token(text), certs, audience, at)
    except IdTokenInvalid as invalid:
        raise CallerUnknown(str(invalid)) from None
    if not _is(token, invoker):
        raise CallerForbidden(invoker)


async def _proven(token: IdToken, certs: Certs, audience: str, at: float) -> IdToken:
    key = await certs.find(token.kid)
    if key is None:
        raise IdTokenInvalid("its key is not one of Google's")
    whole = (token.signed, token.signature)
    if not certs.has_proven(whole, key):
        token.check_signature(key)
        certs.remember(whole, key)
    token.check_claims(audience, at)
    return token


def _is(token: IdToken, invoker: str) -> bool:
    return token.claims.get("email_verified") is True and token.claims.get("email") == invoker
