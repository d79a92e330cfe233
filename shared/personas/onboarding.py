"""Onboarding: the tags a traveller picks."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.personas.traveller import Pace

# Letters of any script, digits and a little punctuation: a tag is a label, not a text.
Label = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[\w][\w '&+./-]*$"
    ),
]
Labels = Annotated[list[Label], Field(max_length=20)]


class Onboarding(BaseModel):
    """What the tag selectors send: labels by topic, and a pace."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tags: Annotated[dict[Label, Labels], Field(min_length=1, max_length=12)]
    pace: Pace | None = None
