"""The one sentence that stands for a node in the text space."""

from collections.abc import Iterable


def node_sentence(category: str, vibe_tags: Iterable[str], summary: str) -> str:
    """Canonical sentence: category, sorted vibe tags, one-line summary; never raw posts.

    The order of the tags and repeats of them do not change it.

    >>> node_sentence("coffee_shop", ["quiet", "bookish"], "Window seats and slow espresso.")
    'coffee shop: bookish, quiet. Window seats and slow espresso.'
    """
    tags = ", ".join(tag.replace("-", " ") for tag in sorted(set(vibe_tags)))
    kind = category.replace("_", " ")
    head = f"{kind}: {tags}." if tags else f"{kind}."
    return f"{head} {' '.join(summary.split())}".strip()
