"""Where a request carries its session token: the Authorization header or NextAuth's cookies."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from shared.runtime.bearer import find_bearer
from shared.runtime.session_errors import TokenMissing, TokenUnreadable

V5Cookie = Literal["__Secure-authjs.session-token", "authjs.session-token"]

V5_COOKIES: Final[tuple[V5Cookie, ...]] = ("__Secure-authjs.session-token", "authjs.session-token")
V4_COOKIES: Final = ("__Secure-next-auth.session-token", "next-auth.session-token")
# Newer before older, and secure before plain: a plain cookie may be planted from an insecure page.
_PREFERENCE: Final = (*V5_COOKIES, *V4_COOKIES)
_MAX_COOKIES: Final = 32_768


def find_token(headers: Mapping[str, str]) -> str:
    """The session token of a request; raises TokenMissing, or TokenUnreadable past 32 KB cookies.

    Header names may be in any case; Starlette's `Headers` may repeat one. A bearer token is meant
    and a cookie merely rides along, so the bearer token wins.
    """
    if bearer := find_bearer(headers):
        return bearer
    text = ";".join(value for name, value in headers.items() if name.lower() == "cookie")
    if len(text) > _MAX_COOKIES:
        raise TokenUnreadable
    jar = _jar(text)
    for name in _PREFERENCE:
        if token := jar.get(name) or "".join(_chunks(jar, name)):
            return token
    raise TokenMissing


def _jar(text: str) -> Mapping[str, str]:
    """Cookies by name; of two with one name the first counts, as in npm's `cookie`."""
    jar: dict[str, str] = {}
    for pair in text.split(";"):
        name, _, value = pair.strip().partition("=")
        jar.setdefault(name.strip(), value.strip().strip('"'))
    return jar


def _chunks(jar: Mapping[str, str], name: str) -> Iterator[str]:
    """NextAuth cuts a token over 4 KB into `name.0`, `name.1`, ... without a gap."""
    index = 0
    while chunk := jar.get(f"{name}.{index}"):
        yield chunk
        index += 1
