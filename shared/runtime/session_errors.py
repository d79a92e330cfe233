"""Why a session token is refused.

Refusal
└── TokenRefused           401
    ├── TokenMissing       the request carries none
    ├── TokenUnreadable    not a token of NextAuth v4 or Auth.js v5, or an oversized one
    ├── TokenForged        not sealed with our secret
    ├── TokenExpired       outside its time
    └── TokenWithoutSubject
"""

from shared.runtime.errors import Refusal

_STRATEGY = "only sessions with session.strategy = 'jwt' can be verified"


class TokenRefused(Refusal):
    """The request does not prove who sent it; the message says what to send instead."""

    status = 401
    title = "Not signed in"


class TokenMissing(TokenRefused):
    """The request carries no session token."""

    def __init__(self) -> None:
        super().__init__(
            "Sign in and send the session token as 'Authorization: Bearer <token>' "
            f"or as NextAuth's session cookie; {_STRATEGY}."
        )


class TokenUnreadable(TokenRefused):
    """The token is not of a form that NextAuth v4 or Auth.js v5 writes."""

    def __init__(self) -> None:
        super().__init__(
            "The session token is not an encrypted token of NextAuth v4 or Auth.js v5: "
            f"sign in again; {_STRATEGY}, database sessions cannot."
        )


class TokenForged(TokenRefused):
    """The token was not sealed with this service's secret."""

    def __init__(self) -> None:
        super().__init__(
            "The session token was not made with this service's NEXTAUTH_SECRET: "
            f"sign in again; {_STRATEGY}."
        )


class TokenExpired(TokenRefused):
    """The token is past its end, before its beginning, or names no end."""

    def __init__(self) -> None:
        super().__init__(f"The session token is outside its time: sign in again; {_STRATEGY}.")


class TokenWithoutSubject(TokenRefused):
    """The token does not name a user by an id that we can store."""

    def __init__(self) -> None:
        super().__init__(
            "The session token names no user, its 'sub' must be a user id of 1 to 128 letters, "
            f"digits or _.:@|+-: sign in again; {_STRATEGY}."
        )
