"""Text of strangers made fit to stand in one line of a question: nothing unseen, no borders."""

import unicodedata
from typing import Final

_BORDERS: Final = str.maketrans({"<": "(", ">": ")", "|": "/"})
# Marks and letters that show nothing, beside the control, format and private characters (C*).
_UNSEEN: Final = frozenset(
    (
        847,
        4447,
        4448,
        6068,
        6069,
        10240,
        12644,
        65440,
        *range(6155, 6160),
        *range(65024, 65040),
        *range(917760, 918000),
    )
)


def plain(text: str, most: int) -> str:
    """Return at most `most` characters of `text` in one line.

    It is folded first (NFKC), so that no look-alike of a border becomes one later. What is left of
    a line that says nothing visible is empty.
    """
    seen = "".join(_seen(letter) for letter in unicodedata.normalize("NFKC", text[: 4 * most]))
    return " ".join(seen.translate(_BORDERS).split())[:most].rstrip()


def _seen(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category[0] == "C" or ord(letter) in _UNSEEN else letter
