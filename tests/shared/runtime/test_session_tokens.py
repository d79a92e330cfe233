"""What a session token proves, and every way in which one is refused."""

import base64
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.jwe import KEY_BYTES, seal
from shared.runtime.session_tokens import (
    MAX_TOKEN,
    Claims,
    SecretUnusable,
    TokenExpired,
    TokenForged,
    TokenMissing,
    TokenRefused,
    TokenUnreadable,
    TokenWithoutSubject,
    decode,
    encode_v4,
    encode_v5,
)

VECTORS = Path(__file__).parent / "vectors"
NOW = 1_800_000_000.0
SECRET = "a-secret-of-this-test-only"
A_USER: dict[str, Any] = {"sub": "clq8x0v5t0000", "exp": NOW + 60}


def minted(file: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((VECTORS / file).read_text())
    return facts


def tokens(named: str) -> Iterator[tuple[dict[str, Any], str]]:
    for file in ("next-auth-v4.json", "authjs-v5.json"):
        facts = minted(file)
        for entry in facts["tokens"]:
            if entry["name"] == named:
                yield facts, entry["token"]


@pytest.mark.parametrize(
    "named", ["a traveller", "a role claim that must be ignored", "a large token"]
)
def test_a_token_of_the_real_packages_names_its_user(named: str) -> None:
    found = [decode(token, facts["secret"], NOW) for facts, token in tokens(named)]
    assert [claims.sub for claims in found] == ["clq8x0v5t0000vector0traveller"] * 3
    assert not hasattr(found[0], "role")


@pytest.mark.parametrize(
    ("named", "error"),
    [
        ("an expired token", TokenExpired),
        ("no subject", TokenWithoutSubject),
        ("an older secret", TokenForged),
        ("a foreign secret", TokenForged),
    ],
)
def test_a_token_of_the_real_packages_is_refused(named: str, error: type[TokenRefused]) -> None:
    for facts, token in tokens(named):
        with pytest.raises(error):
            decode(token, facts["secret"], NOW)


def test_while_secrets_rotate_the_older_one_still_counts() -> None:
    for facts, token in tokens("an older secret"):
        both = f"{facts['secret']},{facts['older_secret']}"
        assert decode(token, both, NOW).sub == facts["subject"]


def test_a_single_secret_may_have_a_comma_in_it() -> None:
    key = v4_key("first-half-of-a-secret,second-half-of-a-secret")
    token = seal(b'{"sub":"u","exp":2e9}', key, {"alg": "dir", "enc": "A256GCM"})
    assert decode(token, "first-half-of-a-secret,second-half-of-a-secret", NOW).sub == "u"


def test_a_new_token_is_made_with_the_newest_secret() -> None:
    token = encode_v4(A_USER, f"{SECRET},an-older-secret-of-this-test")
    assert decode(token, SECRET, NOW) == Claims(sub="clq8x0v5t0000", exp=NOW + 60)


@pytest.mark.parametrize("cookie", ["authjs.session-token", "__Secure-authjs.session-token"])
def test_a_v5_token_counts_whichever_cookie_it_was_made_for(cookie: Any) -> None:
    assert decode(encode_v5(A_USER, SECRET, cookie), SECRET, NOW).sub == A_USER["sub"]


@pytest.mark.parametrize("setting", ["", "short", "a-secret-of-this-test-only,", "one,two"])
def test_a_secret_that_could_be_guessed_is_refused(setting: str) -> None:
    with pytest.raises(SecretUnusable, match="NEXTAUTH_SECRET"):
        encode_v4(A_USER, setting)


@pytest.mark.parametrize(("late_s", "accepted"), [(14, True), (15, False)])
def test_the_end_is_tolerated_by_fifteen_seconds(late_s: float, accepted: bool) -> None:
    token = encode_v4({"sub": "u", "exp": NOW}, SECRET)
    if accepted:
        assert decode(token, SECRET, NOW + late_s).exp == NOW
    else:
        with pytest.raises(TokenExpired):
            decode(token, SECRET, NOW + late_s)


@pytest.mark.parametrize("exp", [None, "soon", True, 1e400, -1, 10**400, [NOW]])
def test_a_token_needs_an_end(exp: object) -> None:
    plaintext = json.dumps({"sub": "u", "exp": exp}).encode()
    with pytest.raises((TokenExpired, TokenUnreadable)):
        decode(sealed_by_us(plaintext), SECRET, NOW)


def test_a_token_does_not_count_before_its_beginning() -> None:
    token = encode_v4({**A_USER, "nbf": NOW + 16}, SECRET)
    with pytest.raises(TokenExpired):
        decode(token, SECRET, NOW)


@pytest.mark.parametrize(
    "sub", [None, "", " ", 7, ["u"], "x" * 129, "a\0b", "a b", "é", "../u", "-u", "u\n", "a'--"]
)
def test_a_subject_is_a_bounded_plain_id(sub: object) -> None:
    token = encode_v4({"sub": sub, "exp": NOW + 60}, SECRET)
    with pytest.raises(TokenWithoutSubject):
        decode(token, SECRET, NOW)


def test_an_oversized_token_is_not_even_decrypted() -> None:
    token = encode_v4({**A_USER, "padding": "x" * MAX_TOKEN}, SECRET)
    with pytest.raises(TokenUnreadable):
        decode(token, SECRET, NOW)


@pytest.mark.parametrize("sub", ["clq8x0v5t0000", "auth0|5f7", "ada@example.com", "9", "a-b_c.d:e"])
def test_ids_of_common_providers_are_subjects(sub: str) -> None:
    assert decode(encode_v4({"sub": sub, "exp": NOW + 60}, SECRET), SECRET, NOW).sub == sub


@pytest.mark.parametrize("plaintext", [b"", b"[]", b"null", b"\xff", b"{" * 5000, b'{"a":NaN}'])
def test_a_sealed_payload_that_is_no_json_object_is_unreadable(plaintext: bytes) -> None:
    with pytest.raises(TokenUnreadable):
        decode(sealed_by_us(plaintext), SECRET, NOW)


def test_a_repeated_claim_is_unreadable() -> None:
    with pytest.raises(TokenUnreadable):
        decode(sealed_by_us(b'{"sub":"u","sub":"admin","exp":2000000000}'), SECRET, NOW)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "enc": "A256GCM"},
        {"alg": "A256KW", "enc": "A256GCM"},
        {"alg": "RSA-OAEP", "enc": "A256GCM"},
        {"alg": "PBES2-HS256+A128KW", "enc": "A256GCM", "p2c": 2**31},
        {"alg": "dir", "enc": "A128GCM"},
        {"alg": "dir", "enc": "A256CBC"},
        {"alg": "dir", "enc": ["A256GCM"]},
        {"alg": "dir", "enc": "A256GCM", "zip": "DEF"},
        {"alg": "dir", "enc": "A256GCM", "crit": ["exp"]},
        {"alg": "dir", "enc": "A256GCM", "cty": "JWT"},
        {"alg": "dir"},
        {},
        [],
    ],
)
def test_only_a_direct_key_with_the_two_known_encryptions_is_read(header: object) -> None:
    rest = encode_v4(A_USER, SECRET).split(".", 1)[1]
    forged = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    with pytest.raises(TokenUnreadable):
        decode(f"{forged}.{rest}", SECRET, NOW)


def test_a_v4_token_relabelled_as_v5_is_refused() -> None:
    header = {"alg": "dir", "enc": "A256CBC-HS512"}
    forged = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    with pytest.raises(TokenRefused):
        decode(f"{forged}.{encode_v4(A_USER, SECRET).split('.', 1)[1]}", SECRET, NOW)


@pytest.mark.parametrize("enc", KEY_BYTES)
def test_a_token_sealed_with_another_key_is_forged(enc: Any) -> None:
    key = b"k" * KEY_BYTES[enc]
    with pytest.raises(TokenForged):
        decode(seal(b'{"sub":"u","exp":2e9}', key, {"alg": "dir", "enc": enc}), SECRET, NOW)


@pytest.mark.parametrize("part", [0, 2, 3, 4])
def test_changing_any_part_is_noticed(part: int) -> None:
    for token in (encode_v4(A_USER, SECRET), encode_v5(A_USER, SECRET, "authjs.session-token")):
        parts = token.split(".")
        flipped = bytearray(base64.urlsafe_b64decode(parts[part] + "=="))
        flipped[0] ^= 1
        parts[part] = base64.urlsafe_b64encode(flipped).rstrip(b"=").decode()
        with pytest.raises(TokenRefused):
            decode(".".join(parts), SECRET, NOW)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "....",
        "a.b.c",
        "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0.",
        "é.é.é.é.é",
        "e30.e30.e30.e30.e30",
        "a.b.c.d.e\n",
        "x" * (MAX_TOKEN + 1),
    ],
)
def test_what_is_no_session_token_is_unreadable(token: str) -> None:
    with pytest.raises(TokenUnreadable):
        decode(token, SECRET, NOW)


@given(st.text(max_size=200))
def test_no_text_makes_the_decoder_fail_otherwise(text: str) -> None:
    with pytest.raises(TokenRefused):
        decode(text, SECRET, NOW)


@given(
    st.binary(max_size=80), st.sampled_from(["A256GCM", "A256CBC-HS512"]), st.binary(max_size=90)
)
def test_no_ciphertext_makes_the_decoder_fail_otherwise(iv: bytes, enc: str, body: bytes) -> None:
    parts = [json.dumps({"alg": "dir", "enc": enc}).encode(), b"", iv, body, iv[:32]]
    token = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    with pytest.raises(TokenRefused):
        decode(token, SECRET, NOW)


@pytest.mark.parametrize(
    "error", [TokenMissing, TokenUnreadable, TokenForged, TokenExpired, TokenWithoutSubject]
)
def test_every_refusal_is_a_401_that_says_what_to_do(error: type[TokenRefused]) -> None:
    refusal = error()
    assert refusal.status == 401
    assert "ign in" in str(refusal)
    assert "session.strategy = 'jwt'" in str(refusal)
    assert str(refusal).count(". ") == 0


def sealed_by_us(plaintext: bytes) -> str:
    """A v4 token with our key around any bytes: what a holder of the secret could make."""
    return seal(plaintext, v4_key(SECRET), {"alg": "dir", "enc": "A256GCM"})


def v4_key(secret: str) -> bytes:
    """HKDF-SHA256 with no salt, one block of output, written out."""
    extracted = hmac.digest(bytes(32), secret.encode(), "sha256")
    return hmac.digest(extracted, b"NextAuth.js Generated Encryption Key\x01", "sha256")
