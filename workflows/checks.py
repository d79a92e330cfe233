"""What must hold between the parts of a wiring: sentences that name file, table and key."""

from collections.abc import Iterator
from pathlib import Path

from workflows.wiring import Function, Push, Schedule, Tasked, Wiring

# Cloud Run asks for this much CPU above these sizes (docs: services, memory limits).
CPU_FOR_MEMORY_MIB = ((24 * 1024, 8), (16 * 1024, 6), (8 * 1024, 4), (4 * 1024, 2))
LONGEST_TASK_S = 1800.0
LONGEST_PUSH_S = 600.0


def faults(wiring: Wiring, root: Path) -> Iterator[str]:
    """All sentences about what does not fit together; empty for a sound wiring."""
    yield from _routes(wiring)
    for function in wiring.functions.values():
        where = f"{function.file}: [functions.{function.name}]"
        for fault in (
            *_folder(function, root),
            *_limits(function),
            *_trigger(function, wiring),
        ):
            yield f"{where} {fault}."
        for fault in (*_sends(function, wiring), *_sending_needs(function, wiring)):
            yield f"{where} {fault}."
    yield from _receivers(wiring)


def _routes(wiring: Wiring) -> Iterator[str]:
    taken: dict[str, Function] = {}
    for function, route in wiring.routed():
        other = taken.setdefault(route.shape, function)
        if other is not function:
            yield (
                f"{function.file}: [functions.{function.name}] trigger.http answers "
                f"{route.method} {route.path}, which [functions.{other.name}] "
                f"in {other.file} already answers."
            )


def _folder(function: Function, root: Path) -> Iterator[str]:
    source = root / function.source
    if not source.parent.is_dir():
        yield f"has no folder functions/{function.name}/"
    elif not source.is_file():
        yield f"has a folder without {function.source}"


def _limits(function: Function) -> Iterator[str]:
    for above, cpu in CPU_FOR_MEMORY_MIB:
        if function.memory_mib > above and function.cpu < cpu:
            yield f"memory of {function.memory_mib}Mi needs cpu of at least {cpu}"
            return


def _trigger(function: Function, wiring: Wiring) -> Iterator[str]:
    trigger = function.trigger
    if function.background and function.access is not None:
        yield "access only stands beside an http trigger: the cloud alone calls this one"
    if not function.background and function.access is None:
        yield "needs access: traveller, admin or public"
    if isinstance(trigger, Push):
        yield from _push(function, trigger, wiring)
    if isinstance(trigger, Tasked):
        if trigger.queue not in wiring.queues:
            yield f"trigger.queue names {trigger.queue!r}, but no [queues.{trigger.queue}] exists"
        if function.timeout > LONGEST_TASK_S:
            yield "timeout is longer than the 1800s that Cloud Tasks waits"
    if isinstance(trigger, Schedule) and function.timeout > LONGEST_TASK_S:
        yield "timeout is longer than the 1800s that Cloud Scheduler waits"


def _push(function: Function, push: Push, wiring: Wiring) -> Iterator[str]:
    if push.topic not in wiring.topics:
        yield f"trigger.topic names {push.topic!r}, but no [topics.{push.topic}] exists"
    if function.timeout > push.ack_deadline:
        yield (
            f"timeout of {function.timeout:g}s is longer than its ack_deadline of "
            f"{push.ack_deadline:g}s: the message would come again while it still runs"
        )
    if push.min_backoff > push.max_backoff:
        yield "trigger.min_backoff is longer than trigger.max_backoff"


def _sends(function: Function, wiring: Wiring) -> Iterator[str]:
    for name in function.sends:
        receiver = wiring.functions.get(name)
        if receiver is None and name not in wiring.topics:
            yield f"sends to {name!r}, which is neither a function nor a topic"
        elif receiver is not None and not isinstance(receiver.trigger, Tasked):
            yield f"sends to {name!r}, which no queue triggers"


def _sending_needs(function: Function, wiring: Wiring) -> Iterator[str]:
    for need, sent in (
        ("tasks", [name for name in function.sends if name in wiring.functions]),
        ("pubsub", [name for name in function.sends if name in wiring.topics]),
    ):
        if sent and need not in function.needs:
            yield f"sends to {sent[0]!r} but its needs do not list {need!r}"
        if not sent and need in function.needs:
            yield f"needs {need!r} but sends to no {'function' if need == 'tasks' else 'topic'}"


def _receivers(wiring: Wiring) -> Iterator[str]:
    for queue in wiring.queues.values():
        where = f"{queue.file}: [queues.{queue.name}]"
        if not wiring.tasked(queue.name):
            yield f"{where} triggers no function."
        elif not wiring.queue_senders(queue.name):
            yield f"{where} is fed by no function's sends."
        if queue.min_backoff > queue.max_backoff:
            yield f"{where} min_backoff is longer than max_backoff."
    subscribed = {push.topic for _, _, push in wiring.subscriptions()}
    for topic in wiring.topics.values():
        where = f"{topic.file}: [topics.{topic.name}]"
        if topic.name not in subscribed and not topic.outside:
            yield f"{where} has no receiver: subscribe a function or say outside = true."
        if topic.name in subscribed and topic.outside:
            yield f"{where} says outside = true, but a function here subscribes to it."
        if not wiring.topic_senders(topic.name):
            yield f"{where} is fed by no function's sends."
