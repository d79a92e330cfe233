"""One session with one trip: which slots are looked at, what is answered, and at what second."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from emulators.travellers.choice import decision_ms
from emulators.travellers.traveller import Traveller
from emulators.travellers.trip import Slot, Trip

SignalType = Literal["slot_view", "slot_accept", "slot_skip", "thumbs_up", "thumbs_down"]

LONGEST_S = 1_200
"""A session ends after twenty minutes, whatever is left to read."""


@dataclass(frozen=True, slots=True)
class Act:
    """What the app would report, `offset_s` seconds after the session began."""

    signal_type: SignalType
    offset_s: float
    time_to_action_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Impression:
    """A slot that a session showed, with the hidden truth about it; no acts: not looked at."""

    slot: Slot
    utility: float
    p_examined: float
    p_accept: float
    acts: tuple[Act, ...]

    @property
    def answer(self) -> SignalType | None:
        """`slot_accept` or `slot_skip`, None where nothing was answered."""
        return self.acts[1].signal_type if len(self.acts) > 1 else None


def read(
    who: Traveller,
    trip: Trip,
    number: int,
    session: int,
    weeks: float,
    settled: AbstractSet[tuple[int, int]],
) -> Iterator[Impression]:
    """Go through the trip as `who` would, in session `session` with their trip `number`.

    `settled` are the positions answered in earlier sessions: they are passed over. Nothing here
    depends on an id.
    """
    clock_s, answered, gone = 0.0, 0, False
    for slot in trip.slots:
        if slot.position in settled:
            continue
        stream = who.chance.stream("session", number, session, slot.day, slot.order)
        looks, goes_on, answers, accepts, thumbs = (stream.random() for _ in range(5))
        utility = who.tastes.utility(slot.place, weeks)
        p_examined = who.gaze.examined(slot.day, slot.order)
        p_accept = who.temper.accepts(utility)
        acts: tuple[Act, ...] = ()
        if not gone and looks < p_examined:
            acts = (Act("slot_view", clock_s),)
            clock_s += stream.lognormvariate(1.2, 0.5)
            if answers < who.temper.answers(utility, answered):
                answered += 1
                took = decision_ms(who.temper, utility, stream)
                clock_s += took / 1000
                kind: SignalType = "slot_accept" if accepts < p_accept else "slot_skip"
                acts += (Act(kind, clock_s, took),)
                if thumbs < who.temper.gives_thumb(utility):
                    clock_s += 1
                    up: SignalType = "thumbs_up" if kind == "slot_accept" else "thumbs_down"
                    acts += (Act(up, clock_s, took + 1000),)
            gone = goes_on >= who.gaze.perseverance or clock_s > LONGEST_S
        yield Impression(slot, utility, p_examined, p_accept, acts)
