"""Session tokens, as the checking side reads them."""

import pytest

from emulators.travellers.session import Frontend
from shared.runtime.session_tokens import TokenForged, decode
from tests.emulators.travellers.app import SECRET

NOW = 1_800_000_000.0


def test_a_token_is_read_as_one_of_nextauth_4() -> None:
    token = Frontend(SECRET).session_token("simulated-7-1", NOW)
    claims = decode(token, SECRET, NOW)
    assert claims.sub == "simulated-7-1"
    assert claims.exp == NOW + 30 * 24 * 3600


def test_the_newer_of_two_secrets_seals() -> None:
    other = "another secret that is long enough"
    token = Frontend(f"{SECRET},{other}").session_token("a", NOW)
    assert decode(token, SECRET, NOW).sub == "a"
    with pytest.raises(TokenForged):
        decode(token, other, NOW)
