"""What every refusal must be: a problem document of one sentence that shows nothing inside."""

import re

import httpx

_INTERNALS = re.compile(
    r"Traceback|File \"|\.py\b|asyncpg|pydantic|orjson|sqlstate|Exception|0x[0-9a-f]{6}"
    r"|site-packages|shared/|functions/",
    re.IGNORECASE,
)


def refused(answer: httpx.Response, status: int, *says: str) -> dict[str, object]:
    """The problem document of the refusal, which names every text of `says`."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["X-Model-Version"] == "none"
    problem: dict[str, object] = answer.json()
    assert problem["status"] == status
    assert problem["type"] == "about:blank"
    assert problem["title"]
    detail = str(problem["detail"])
    assert detail.endswith((".", "/"))
    assert not _INTERNALS.search(answer.text), answer.text
    for text in says:
        assert text in detail, detail
    return problem
