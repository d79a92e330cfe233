"""Owns how many tokens a text has, by a stated simple rule, and where a text is cut.

The rule: a run of up to 7 letters, up to 3 digits or up to 3 punctuation marks is one token,
together with the one space before it; any other run of white space is one token. It is within
about a quarter of the real counts for English prose and JSON, and `"".join(split(t)) == t`.
"""

import re

# What a request costs before its first word, and each message's frame.
REQUEST_OVERHEAD = 8
MESSAGE_OVERHEAD = 4

_TOKEN = re.compile(r"\s?[^\W\d_]{1,7}|\s?\d{1,3}|\s?(?:[^\w\s]|_){1,3}|\s+")


def split(text: str) -> list[str]:
    """The tokens of `text`, in order; joined they are `text` again."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """The number of tokens of `text`."""
    return len(split(text))
