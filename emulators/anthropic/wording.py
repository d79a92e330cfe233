"""Owns the craft of sentences: lists, capitals, full stops, and keeping to a number of words."""

from emulators.anthropic.asks import Length
from emulators.anthropic.words import terms

_BREAKS = (";", ",", " –", " -", ":", " and ", " or ", " but ", " while ", " where ")
_ENDS = (".", "!", "?", "”")
_ENOUGH_WORDS = 3


def listed(values: list[str]) -> str:
    """The values as one reads them: a, b and c."""
    plain = [value.replace("_", " ") for value in values]
    return "".join(plain) if len(plain) < 2 else f"{', '.join(plain[:-1])} and {plain[-1]}"


def words(text: str) -> int:
    """The number of words of `text` as a person counts them."""
    return len(text.split())


def capital(text: str) -> str:
    """`text` with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def told(sentences: list[str], length: Length) -> str:
    """As many of the sentences as fit, each ended by a full stop; the first one cut to fit."""
    kept: list[str] = []
    left = length.words
    for sentence in [one for one in sentences if one][: length.sentences]:
        if words(sentence) > left:
            break
        kept.append(_ended(sentence))
        left -= words(sentence)
    return " ".join(kept) or _ended(cut(next(filter(None, sentences), ""), length.words))


def cut(sentence: str, most: int) -> str:
    """The longest beginning of at most `most` words, ended at a clause where one is long enough."""
    if words(sentence) <= most:
        return sentence
    kept = " ".join(sentence.split()[:most])
    ends = [at for mark in _BREAKS if (at := kept.rfind(mark)) > 0]
    clauses = [kept[:at] for at in ends if words(kept[:at]) >= max(_ENOUGH_WORDS, most // 2)]
    if clauses:
        return max(clauses, key=len)
    parts = kept.split()
    while len(parts) > 1 and not terms(parts[-1]):
        parts.pop()
    return " ".join(parts)


def _ended(sentence: str) -> str:
    text = sentence.strip().rstrip(",;:")
    return text if text.endswith(_ENDS) else f"{text}."
