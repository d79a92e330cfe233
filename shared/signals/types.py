"""The signal types of the seed: which a client may send, which the server alone writes."""

from typing import Final, Literal, get_args

ClientSignal = Literal[
    "slot_view",
    "slot_accept",
    "slot_skip",
    "pivot_accept",
    "pivot_dismiss",
    "pivot_ignore",
    "thumbs_up",
    "thumbs_down",
]
ServerSignal = Literal["slot_swap", "pivot_offered", "candidate_set_logged"]
SignalType = Literal[ClientSignal, ServerSignal]
SignalOrigin = Literal["app", "backfill", "system"]

CLIENT_SIGNALS: Final[tuple[str, ...]] = get_args(ClientSignal)
SERVER_SIGNALS: Final[tuple[str, ...]] = get_args(ServerSignal)
