"""Session tokens as NextAuth would issue them, and who of their holders is an administrator."""

import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from shared.runtime.session_tokens import encode_v4

LIFETIME_S = 30 * 24 * 3600  # NextAuth's default maxAge
_PROMOTE = """
INSERT INTO users (id, role, created_at) VALUES ($1, 'admin', $2)
ON CONFLICT (id) DO UPDATE SET role = 'admin'
"""


def stack_now(clock_file: Path) -> float:
    """Unix seconds on the stack's clock; real time where it was never set."""
    try:
        return time.time() + float(clock_file.read_text())
    except FileNotFoundError:
        return time.time()


def session_token(user: str, secret: str, now: float) -> str:
    """A NextAuth v4 token for the user, good for thirty days from unix second `now`."""
    issued = int(now)
    claims = {"sub": user, "iat": issued, "exp": issued + LIFETIME_S, "jti": str(uuid4())}
    return encode_v4(claims, secret)


async def make_admin(user: str, database_url: str, now: float) -> None:
    """Gives the user the role `admin`, creating the row where there is none."""
    import asyncpg

    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(_PROMOTE, user, datetime.fromtimestamp(now, UTC))
    finally:
        await connection.close()
