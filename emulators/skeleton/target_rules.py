"""Owns what an HTTP target may be, the same for Cloud Tasks and Cloud Scheduler."""

from typing import Any
from urllib.parse import urlsplit

from grpc import StatusCode

from emulators.skeleton.grpc_server import RpcError

MAX_URL_CHARS = 2083
MAX_HEADER_BYTES = 80 * 1024
METHODS = ("HTTP_METHOD_UNSPECIFIED", "POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
_WITH_BODY = ("POST", "PUT", "PATCH")


def check_target(target: Any, message: str, url_field: str) -> None:
    """Raises INVALID_ARGUMENT for a target that the service would refuse.

    `message` and `url_field` name its message and its URL in the texts (HttpRequest, url).
    """
    url: str = getattr(target, url_field)
    _check_url(url, f"{message}.{url_field}")
    _check_body(target, message)
    _check_headers(target.headers, message)
    _check_token(target, url, message)


def method_of(target: Any) -> str:
    """The HTTP method; POST where none is said."""
    return METHODS[target.http_method or 1]


def _check_url(url: str, field: str) -> None:
    if not url:
        raise _invalid(f"{field} is required.")
    if not url.startswith(("http://", "https://")):
        # "HttpTarget.url" also where the field is another: the service's own words.
        raise _invalid("HttpTarget.url must start with 'http://' or 'https://'.")
    if len(url) > MAX_URL_CHARS:
        raise _invalid(f"{field} must be at most {MAX_URL_CHARS} characters.")


def _check_body(target: Any, message: str) -> None:
    if target.http_method not in range(len(METHODS)):
        raise _invalid(f"{message}.http_method {target.http_method} does not exist.")
    if target.body and method_of(target) not in _WITH_BODY:
        raise _invalid(f"{message}.body is only allowed with {', '.join(_WITH_BODY)}.")


def _check_headers(headers: Any, message: str) -> None:
    if sum(len(name) + len(value) for name, value in headers.items()) >= MAX_HEADER_BYTES:
        raise _invalid(f"{message}.headers must be less than 80KB.")
    if any(sign in name + value for name, value in headers.items() for sign in "\r\n\0"):
        raise _invalid(f"{message}.headers cannot contain line breaks.")


def _check_token(target: Any, url: str, message: str) -> None:
    kind = target.WhichOneof("authorization_header")
    if kind and not getattr(target, kind).service_account_email:
        raise _invalid(f"{message}.{kind}.service_account_email is required.")
    if kind == "oauth_token" and not _takes_access_tokens(url):
        raise _invalid(
            f"{message}.oauth_token is only for URLs of *.googleapis.com (or of an emulator's "
            "host): use oidc_token."
        )


def _takes_access_tokens(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    # An emulator of those APIs is this machine, or a neighbour by its bare name (docker compose).
    return host.endswith(".googleapis.com") or host == "127.0.0.1" or "." not in host


def _invalid(message: str) -> RpcError:
    return RpcError(StatusCode.INVALID_ARGUMENT, message)
