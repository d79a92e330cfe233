"""Signals that are refused, each with the sentence that says why."""

from uuid import UUID

from shared.runtime.errors import Refusal


class SignalTripUnknown(Refusal):
    """The signal is about a trip that is not the traveller's."""

    status = 404
    title = "Trip unknown"

    def __init__(self, trip_id: UUID) -> None:
        super().__init__(f"You have no trip with the id {trip_id}; send signals on your own trips.")


class NodeNotInTrip(Refusal):
    """The signal is about a place that the trip does not hold."""

    status = 422
    title = "Node not in trip"

    def __init__(self, node_id: UUID, trip_id: UUID) -> None:
        super().__init__(
            f"The activity node {node_id} is in no slot of the trip {trip_id}; "
            "send the node of one of its slots."
        )


class SignalUnreadable(Refusal):
    """A message on the signals topic is not a signal."""

    status = 422
    title = "Signal unreadable"
