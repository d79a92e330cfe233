"""Owns the waiting time between retries, the same for Cloud Tasks and Cloud Scheduler."""

MAX_EXPONENT = 64  # beyond it any delay is longer than any maximum, and floats overflow


def backoff_s(failures: int, *, minimum_s: float, maximum_s: float, doublings: int) -> float:
    """Seconds to wait after the `failures`-th failed attempt, counted from 1.

    Starts at the minimum, doubles `doublings` times, then grows by minimum * 2**doublings, and is
    capped: minimum 10, maximum 300, doublings 3 give 10, 20, 40, 80, 160, 240, 300, 300.
    Source: max_doublings in google/cloud/tasks/v2/queue.proto and scheduler/v1/job.proto.
    """
    exponent = min(failures - 1, doublings, MAX_EXPONENT)
    linear_steps = max(0, failures - 1 - doublings)
    factor = float(2**exponent * (1 + linear_steps))
    return min(minimum_s * factor, maximum_s)
