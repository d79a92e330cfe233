"""A traveller in the simulation: what they have planned, said, and not yet sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from emulators.travellers.calendar import Visit, Wish
from emulators.travellers.client import Api
from emulators.travellers.post import Parcel, pack
from emulators.travellers.reading import Impression, read
from emulators.travellers.traveller import Traveller
from emulators.travellers.trip import Trip


@dataclass(frozen=True, slots=True)
class Showing:
    """One session with one trip, and what the traveller made of it."""

    trip: Trip
    number: int
    session: int
    began: datetime
    impressions: tuple[Impression, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A half day: `index` counts them, `opens` is when apps are opened, `weeks` since the start."""

    index: int
    opens: datetime
    weeks: float


@dataclass(slots=True)
class Person:
    """A traveller and what has happened to them; one visit at a time."""

    who: Traveller
    city: str
    trips: dict[int, Trip] = field(default_factory=dict)
    showings: list[Showing] = field(default_factory=list)
    gone: bool = False
    _settled: dict[int, set[tuple[int, int]]] = field(default_factory=dict)
    _parcels: list[tuple[int, Parcel]] = field(default_factory=list)

    async def visit(self, visit: Visit, moment: Moment, api: Api) -> None:
        """Do what the visit is for."""
        match visit.errand:
            case "plan" if visit.wish is not None:
                if visit.trip == 0 and self.who.told:
                    await api.onboard(self.who.id, self.who.told.body())
                await self._plan(visit.trip, visit.wish, moment, api)
            case "look":
                trip_id = self.trips[visit.trip].id
                self.trips[visit.trip] = await api.look(self.who.id, trip_id)
            case _:
                await api.leave(self.who.id)
                # Who deletes the account deletes the app with what it has not sent.
                self._parcels.clear()
                self.gone = True
                return
        self._read(visit, moment)

    def due(self, moment: Moment, *, last: bool) -> Iterator[Parcel]:
        """Take out what is to be sent now; at the last moment, everything."""
        waiting, self._parcels = self._parcels, []
        for due, parcel in waiting:
            if last or due <= moment.index:
                yield parcel
            else:
                self._parcels.append((due, parcel))

    async def _plan(self, number: int, wish: Wish, moment: Moment, api: Api) -> None:
        starts = moment.opens.date() + timedelta(days=wish.lead)
        body = {"city": self.city, "start_date": starts.isoformat(), "days": wish.days}
        body |= {"pace": wish.pace} if wish.pace else {}
        key = uuid5(NAMESPACE_URL, f"{self.who.id}/{moment.opens.isoformat()}/{number}")
        self.trips[number] = await api.plan(self.who.id, body, str(key))

    def _read(self, visit: Visit, moment: Moment) -> None:
        trip, settled = self.trips[visit.trip], self._settled.setdefault(visit.trip, set())
        stream = self.who.chance.stream("post", visit.trip, visit.session)
        # The app is open a while before anything is read; all ends within the hour.
        began = moment.opens + timedelta(seconds=stream.randint(600, 1_800))
        impressions = tuple(
            read(self.who, trip, visit.trip, visit.session, moment.weeks, frozenset(settled))
        )
        settled |= {shown.slot.position for shown in impressions if shown.answer}
        self.showings.append(Showing(trip, visit.trip, visit.session, began, impressions))
        self._parcels += [
            (moment.index + parcel.wait, parcel)
            for parcel in pack(trip, visit.session, impressions, began, stream)
        ]
