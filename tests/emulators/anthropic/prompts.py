"""Prompts as callers lay them out: candidate lines, personas, documents, and their schemas."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from anthropic import AsyncAnthropic
from anthropic.types import Message

MODEL = "claude-haiku-4-5"

KINDS = {
    "coffee_shop": ("coffee-serious, quiet", "careful espresso and single origin roasting"),
    "trail": ("fresh-air, view", "walking trails under tall trees to a bluff"),
    "museum": ("museum-depth, historic", "exhibitions, collections and learning"),
    "bar": ("craft-drinks, candlelit", "inventive cocktails in a dim room"),
    "bookstore": ("bookish, slow-afternoon", "books, quiet pages and reading corners"),
    "restaurant": ("chef-driven, counter-seat", "soba, tempura and seasonal plates"),
    "market": ("market-stalls, lively", "farmers, produce and makers"),
    "beach": ("sea-and-shore, sunset", "salt air, driftwood and boats"),
}
VIBES = {
    "coffee-serious": "careful espresso, single origin roasting",
    "dog-friendly": "dogs on the patio, dogs off the leash",
    "fresh-air": "walking trails, trees, open green space",
    "live-music": "a stage, a band, jazz, songs at night",
    "quiet": "calm, slow, silent, contemplative",
    "view": "a skyline, mountain or water view from above",
}
COFFEE_LOVER = "coffee: espresso, pour-over, single origin beans\npace: slow"
HIKER = "outdoors: hiking, long walks on trails, trees\nfood: picnic"


def candidates(count: int = 200) -> dict[str, str]:
    """Aliases c000, c001, … and the kind of place each is; the kinds take turns."""
    kinds = list(KINDS)
    return {f"c{at:03d}": kinds[at % len(kinds)] for at in range(count)}


def ranking_prompt(persona: str, of: Mapping[str, str], wanted: str = "best 24") -> str:
    """A ranking request's user text."""
    lines = [
        f"{alias} | Place {alias[1:]} | {kind} | {' | '.join(KINDS[kind])}"
        for alias, kind in of.items()
    ]
    return (
        f"<persona-8f3a>\n{persona}\n</persona-8f3a>\n"
        f"<candidates-8f3a>\n{chr(10).join(lines)}\n</candidates-8f3a>\n"
        f"Rank the {wanted} of these places for this traveller, best first."
    )


def ranking_schema(of: Iterable[str]) -> dict[str, Any]:
    """One array of aliases and one of confidence bands 0 to 9."""
    bands = {"type": "array", "items": {"type": "integer", "enum": list(range(10))}}
    return obj(ranking=options_array(of), confidence=bands)


def documents_prompt(posts: Mapping[str, str], asked: str = "at most 2 vibes") -> str:
    """An extraction request's user text over posts in bordered tags."""
    vibes = "\n".join(f"- {vibe}: {text}" for vibe, text in VIBES.items())
    tagged = "\n".join(f'<post-77 id="{id}">\n{text}\n</post-77>' for id, text in posts.items())
    return f"The vibes:\n{vibes}\n\nGive {asked} for each post and a quote.\n{tagged}"


def documents_schema(ids: Iterable[str]) -> dict[str, Any]:
    """One object per post: its id, its vibes, a quote."""
    row = obj(id=enum(ids), vibes=options_array(VIBES), vibe_quote={"type": "string"})
    return obj(posts={"type": "array", "items": row})


def obj(**properties: Any) -> dict[str, Any]:
    """An object schema of these required properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def enum(options: Iterable[Any]) -> dict[str, Any]:
    """A string schema of these options."""
    return {"type": "string", "enum": list(options)}


def options_array(options: Iterable[str]) -> dict[str, Any]:
    """An array schema of these options."""
    return {"type": "array", "items": enum(options)}


async def message(
    client: AsyncAnthropic, user: str, schema: dict[str, Any] | None = None, **more: Any
) -> Message:
    """A non-streaming answer to `user`."""
    if schema is not None:
        more["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
    messages: Any = [{"role": "user", "content": user}]
    asked = {"model": MODEL, "max_tokens": 4096, "messages": messages} | more
    answered: Message = await client.messages.create(**asked)
    return answered


async def answer(client: AsyncAnthropic, user: str, schema: dict[str, Any], **more: Any) -> Any:
    """The JSON value of the answer to `user`."""
    return json.loads(text(await message(client, user, schema, **more)))


def text(of: Message) -> str:
    """The text of an answer."""
    block = of.content[0]
    assert block.type == "text"
    return block.text
