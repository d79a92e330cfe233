"""A batch of signals in which the good ones are kept and the bad ones named."""

from collections.abc import Sequence
from typing import Any

from shared.runtime import log
from shared.runtime.errors import Refusal
from shared.signals.durable import Way, make_durable
from shared.signals.errors import SignalBatchRefused
from shared.signals.signal import Signal


async def keep_batch(
    items: Sequence[Any], judged: Sequence[Signal | Refusal], ways: Sequence[Way]
) -> dict[str, Any]:
    """Make the good signals durable; return `accepted` ids and the `refused`, each with its reason.

    `judged` holds what became of each of `items`. Raises SignalBatchRefused where none is good, and
    SignalNotTaken where every way failed: then nothing was acknowledged.
    """
    refused = [
        _name(index, items[index], refusal)
        for index, refusal in enumerate(judged)
        if isinstance(refusal, Refusal)
    ]
    accepted = {signal.signal_id: signal for signal in judged if isinstance(signal, Signal)}
    if not accepted:
        raise SignalBatchRefused(refused)
    await make_durable(list(accepted.values()), ways)
    if refused:
        log.event("signals.refused", titles=[each["title"] for each in refused])
    return {"accepted": [str(signal_id) for signal_id in accepted], "refused": refused}


def _name(index: int, item: Any, refusal: Refusal) -> dict[str, Any]:
    signal_id = item.get("signal_id") if isinstance(item, dict) else None
    return {
        "index": index,
        "signal_id": signal_id if isinstance(signal_id, str) else None,
        "title": refusal.title,
        "detail": str(refusal),
    }
