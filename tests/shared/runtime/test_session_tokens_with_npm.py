"""The real npm packages and this code read each other's tokens, as of today's npm."""

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.session_tokens import TokenRefused, decode, encode_v4, encode_v5

SCRIPT = Path(__file__).parent / "vectors" / "mint.mjs"
PACKAGES = ("next-auth@4.24.15", "@auth/core@0.41.3")
SECRET = "a-secret-of-this-test-only"
COOKIES = ("authjs.session-token", "__Secure-authjs.session-token")

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not on this machine"),
]


@pytest.fixture(scope="module")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("npm")
    (folder / "package.json").write_text('{"private": true}')
    shutil.copy(SCRIPT, folder)
    flags = ("--no-save", "--no-package-lock", "--legacy-peer-deps", "--no-audit", "--no-fund")
    run(folder, "npm", "install", *flags, *PACKAGES)
    return folder


def run(folder: Path, *command: str, text: str = "") -> str:
    done = subprocess.run(
        command, cwd=folder, input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_real_packages_decode_our_tokens(npm: Path) -> None:
    claims = {"sub": "u1", "exp": int(time.time()) + 600}
    ours: list[dict[str, Any]] = [{"kind": "v4", "token": encode_v4(claims, SECRET)}]
    ours += [
        {"kind": "v5", "salt": cookie, "token": encode_v5(claims, SECRET, cookie)}  # type: ignore[arg-type]
        for cookie in COOKIES
    ]
    read = run(
        npm, "node", "mint.mjs", "decode", text=json.dumps([{**t, "secret": SECRET} for t in ours])
    )
    assert json.loads(read) == [claims] * 3


def test_v5_finds_our_secret_by_the_kid_while_secrets_rotate(npm: Path) -> None:
    claims = {"sub": "u1", "exp": int(time.time()) + 600}
    token = encode_v5(claims, SECRET, "authjs.session-token")
    asked = {
        "kind": "v5",
        "salt": COOKIES[0],
        "token": token,
        "secret": ["a-newer-secret-1234", SECRET],
    }
    assert json.loads(run(npm, "node", "mint.mjs", "decode", text=json.dumps([asked]))) == [claims]


def test_freshly_minted_tokens_are_judged_like_the_vectors(npm: Path, tmp_path: Path) -> None:
    run(npm, "node", "mint.mjs", "mint", str(tmp_path))
    for file in ("next-auth-v4.json", "authjs-v5.json"):
        fresh, kept = (json.loads((f / file).read_text()) for f in (tmp_path, SCRIPT.parent))
        assert [verdict(t, fresh) for t in fresh["tokens"]] == [
            verdict(t, kept) for t in kept["tokens"]
        ]


def verdict(entry: dict[str, str], facts: dict[str, str]) -> tuple[str, str]:
    try:
        return entry["name"], decode(entry["token"], facts["secret"], time.time()).sub
    except TokenRefused as refusal:
        return entry["name"], type(refusal).__name__
