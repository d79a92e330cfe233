"""Owns one subscription: what it takes in, hands out, retries and gives up on."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from emulators.pubsub.backlog import Backlog, Delivery
from emulators.pubsub.filters import parse_filter
from emulators.pubsub.ledger import Ledger
from emulators.pubsub.retry import backoff_s, expired, worn_out
from emulators.skeleton.alarm import Alarm
from emulators.skeleton.clock import Clock
from emulators.skeleton.faults import Faults
from emulators.skeleton.in_flight import InFlight

REORDER = "reorder_next"

DeadLetter = Callable[["Subscription", Delivery], bool]
MakeDeliverer = Callable[["Subscription"], "Deliverer"]


class Deliverer(Protocol):
    """Takes ready deliveries to their subscriber."""

    @property
    def outstanding(self) -> int:
        """How many are with the subscriber."""

    def wake(self) -> None:
        """Takes what is ready and fits."""

    def stop(self) -> None:
        """Gives back what is outstanding and takes no more."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """What every subscription of a broker stands on."""

    clock: Clock
    faults: Faults
    ledger: Ledger
    in_flight: InFlight
    dead_letter: DeadLetter
    deliverer: MakeDeliverer


class Subscription:
    """A subscription's options and backlog. `wake` is safe to call at any time."""

    def __init__(self, id: int, options: Any, wiring: Wiring) -> None:
        self.id = id
        self.options = options
        self.clock = wiring.clock
        self.backlog = Backlog(ordered=options.enable_message_ordering)
        self._matches = parse_filter(options.filter)
        self._wiring = wiring
        self._alarm = Alarm(wiring.clock, self._ring)
        self._alarm_at = math.inf
        self._deliverer = wiring.deliverer(self)

    @property
    def name(self) -> str:
        """projects/P/subscriptions/ID."""
        return str(self.options.name)

    @property
    def pushes(self) -> bool:
        """Whether messages go to an endpoint instead of waiting to be pulled."""
        return bool(self.options.push_config.push_endpoint)

    @property
    def deliverer(self) -> Deliverer:
        """What takes the messages to the subscriber."""
        return self._deliverer

    def change(self, options: Any) -> None:
        """Goes on under new options; what is being pushed goes out again."""
        pushed = self.pushes
        self.options = options
        if pushed or self.pushes:
            self._deliverer.stop()
            self._deliverer = self._wiring.deliverer(self)
        self.wake()

    def wants(self, attributes: Mapping[str, str]) -> bool:
        """Whether the filter lets a message through."""
        return self._matches is None or self._matches(attributes)

    def add(self, id: int, message: Any) -> None:
        """Takes a message in; `wake` starts its delivery."""
        self.backlog.add(Delivery(id, message))
        self._wiring.in_flight.add()

    def take(self) -> Delivery | None:
        """The next delivery that may go out now; those past their retention are dropped."""
        last = self.backlog.ready > 1 and self._wiring.faults.take(REORDER)
        while delivery := self.backlog.take(last=last):
            if not expired(self.options, delivery.message, self.clock.now()):
                return delivery
            self.ack(delivery)
        return None

    def ack(self, delivery: Delivery) -> None:
        """Forgets a delivery for good, wherever it is by now."""
        if delivery.gone:
            return
        _let_go(delivery)
        self.backlog.finish(delivery)
        self._wiring.ledger.remove_message(self.id, delivery.id)
        self._wiring.ledger.commit_soon()
        self._wiring.in_flight.remove()

    def nack(self, delivery: Delivery) -> None:
        """Counts a failed delivery: it goes again after its backoff, or to the dead letters."""
        if delivery.gone:
            return
        _let_go(delivery)
        delivery.failures += 1
        if worn_out(self.options, delivery.failures) and self._wiring.dead_letter(self, delivery):
            self.ack(delivery)
            return
        due = self.clock.now() + backoff_s(self.options, delivery.failures)
        self.backlog.again_at(delivery, due)

    def lease(self, delivery: Delivery, seconds: float) -> None:
        """Lets a subscriber hold a delivery for `seconds` from now."""
        self.backlog.lease(delivery, self.clock.now() + seconds)
        self._set_alarm()

    def give_back(self, delivery: Delivery) -> None:
        """Makes a delivery ready again that was broken off; counts no failure."""
        if not delivery.gone:
            _let_go(delivery)
            self.backlog.again(delivery)

    def attempt(self, delivery: Delivery) -> int | None:
        """The attempt's number where the subscriber is told it: with a dead-letter policy."""
        return delivery.attempt if self.options.HasField("dead_letter_policy") else None

    def wake(self) -> None:
        """Makes ready what is due and lets the deliverer have it."""
        now = self.clock.now()
        for delivery in self.backlog.lapsed(now):
            self.nack(delivery)
        self.backlog.ripen(now)
        self._deliverer.wake()
        self._set_alarm()

    def _ring(self) -> None:
        self._alarm_at = math.inf
        self.wake()

    def _set_alarm(self) -> None:
        # One that rings too early only looks; to set it anew for each message would cost more
        # than the delivery.
        due = self.backlog.next_due()
        if due is not None and due < self._alarm_at:
            self._alarm_at = due
            self._alarm.set(due)

    def stop(self) -> None:
        """Delivers no more; the backlog stays."""
        self._alarm_at = math.inf
        self._alarm.set(None)
        self._deliverer.stop()

    def drop(self) -> None:
        """Stops and forgets the backlog in memory."""
        self.stop()
        for delivery in self.backlog.by_id.values():
            delivery.gone = True
        self._wiring.in_flight.remove(len(self.backlog))
        self.backlog = Backlog(ordered=self.options.enable_message_ordering)


def _let_go(delivery: Delivery) -> None:
    let_go, delivery.let_go, delivery.lease = delivery.let_go, None, None
    if let_go is not None:
        let_go(delivery)
