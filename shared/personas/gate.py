"""The one gate between cold and warm: no model that learned ever ranks for a cold traveller.

An ML ranker takes a `WarmParty`, and `admit` alone makes one. Python cannot seal an object against
code that sets out to forge it, so the travellers are judged again each time that they are read: a
party made by any other way (`object.__new__`, a slot set from outside) has none, or raises.
"""

from collections.abc import Sequence
from typing import Final, NoReturn, SupportsIndex, final

from shared.personas.traveller import WARM_CHOICES, Traveller

_MEMBERS: Final = "_members"


class ColdUserSentToModel(Exception):
    """A party with a cold member was about to be ranked by a model that learned (rule 8)."""

    def __init__(self, choices: int) -> None:
        super().__init__(
            f"A traveller with {choices} of {WARM_CHOICES} choices is cold: "
            "the language model ranks for them, never a model that learned."
        )


@final
class WarmParty:
    """One or more travellers with at least 20 choices each; `admit` is the only way to one."""

    __slots__ = (_MEMBERS,)
    _members: tuple[Traveller, ...]

    def __init__(self) -> None:
        raise TypeError("A WarmParty is not made: admit(travellers) returns one.")

    def __init_subclass__(cls) -> None:
        raise TypeError("A WarmParty has no kinds.")

    @property
    def members(self) -> tuple[Traveller, ...]:
        """The travellers, judged again; raises ColdUserSentToModel."""
        _require_warm(self._members)
        return self._members

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("A WarmParty does not change.")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("A WarmParty does not change.")

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        # copy, deepcopy and pickle all come through here: a party lives within one request.
        raise TypeError("A WarmParty is neither copied nor stored: admit the travellers again.")


def admit(travellers: Sequence[Traveller]) -> WarmParty:
    """Return the party; raise ColdUserSentToModel where a member has fewer than 20 choices.

    Nobody is no party.
    """
    members = tuple(travellers)
    _require_warm(members)
    party = object.__new__(WarmParty)
    object.__setattr__(party, _MEMBERS, members)
    return party


def _require_warm(members: tuple[Traveller, ...]) -> None:
    if not (members and all(member.choice_count >= WARM_CHOICES for member in members)):
        raise ColdUserSentToModel(min((member.choice_count for member in members), default=0))
