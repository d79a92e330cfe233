"""Owns the mapping from an HTTP status to google.rpc codes, as Google reports failed attempts."""

_CODES = {
    400: (3, "INVALID_ARGUMENT"),
    401: (16, "UNAUTHENTICATED"),
    403: (7, "PERMISSION_DENIED"),
    404: (5, "NOT_FOUND"),
    409: (10, "ABORTED"),
    429: (8, "RESOURCE_EXHAUSTED"),
    499: (1, "CANCELLED"),
    500: (13, "INTERNAL"),
    501: (12, "UNIMPLEMENTED"),
    503: (14, "UNAVAILABLE"),
    504: (4, "DEADLINE_EXCEEDED"),
}


def rpc_code(http_status: int) -> tuple[int, str]:
    """The google.rpc.Code and its name: (0, "OK") for 2xx, (2, "UNKNOWN") for what has none."""
    if 200 <= http_status <= 299:
        return 0, "OK"
    return _CODES.get(http_status, (2, "UNKNOWN"))
