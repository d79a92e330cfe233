"""What must hold between the parts of a wiring: sentences that name file, table and key."""

from collections.abc import Iterator
from pathlib import Path

from workflows.triggers import DeadLetters, Push, Schedule, Tasked
from workflows.wiring import Function, Job, Wiring

# Cloud Run asks for this much CPU above these sizes (docs: services, memory limits).
CPU_FOR_MEMORY_MIB = ((24 * 1024, 8), (16 * 1024, 6), (8 * 1024, 4), (4 * 1024, 2))
LONGEST_TASK_S = 1800.0
LONGEST_PUSH_S = 600.0


def faults(wiring: Wiring, root: Path) -> Iterator[str]:
    """All sentences about what does not fit together; empty for a sound wiring."""
    yield from _routes(wiring)
    yield from _names(wiring)
    for function in wiring.functions.values():
        for fault in (
            *_folder(function, root),
            *_limits(function),
            *_trigger(function, wiring),
            *_sends(function, wiring),
            *_sending_needs(function, wiring),
        ):
            yield f"{_where(function)} {fault}."
    for job in wiring.jobs.values():
        for fault in (
            *_folder(job, root),
            *_limits(job),
            *_queue(job, wiring),
            *_tasks(job),
            *_sends(job, wiring),
            *_sending_needs(job, wiring),
        ):
            yield f"{_where(job)} {fault}."
    yield from _queues(wiring)
    yield from _topics(wiring)


def _where(deployable: Function | Job) -> str:
    kind = "jobs" if isinstance(deployable, Job) else "functions"
    return f"{deployable.file}: [{kind}.{deployable.name}]"


def _routes(wiring: Wiring) -> Iterator[str]:
    taken: dict[str, Function] = {}
    for function, route in wiring.routed():
        other = taken.setdefault(route.shape, function)
        if other is not function:
            yield (
                f"{_where(function)} trigger.http answers {route.method} {route.path}, "
                f"which [functions.{other.name}] in {other.file} already answers."
            )


def _names(wiring: Wiring) -> Iterator[str]:
    for name in wiring.functions.keys() & wiring.jobs.keys():
        yield (
            f"{_where(wiring.jobs[name])} has the name of [functions.{name}]: "
            "a folder is one of the two."
        )


def _folder(deployable: Function | Job, root: Path) -> Iterator[str]:
    source = root / deployable.source
    if not source.parent.is_dir():
        yield f"has no folder functions/{deployable.name}/"
    elif not source.is_file():
        yield f"has a folder without {deployable.source}"


def _limits(deployable: Function | Job) -> Iterator[str]:
    for above, cpu in CPU_FOR_MEMORY_MIB:
        if deployable.memory_mib > above and deployable.cpu < cpu:
            yield f"memory of {deployable.memory_mib}Mi needs cpu of at least {cpu}"
            return


def _trigger(function: Function, wiring: Wiring) -> Iterator[str]:
    trigger = function.trigger
    if function.background and function.access is not None:
        yield "access only stands beside an http trigger: the cloud alone calls this one"
    if not function.background and function.access is None:
        yield "needs access: traveller, admin or public"
    if isinstance(trigger, Push):
        yield from _push(function, trigger, wiring)
    yield from _queue(function, wiring)
    if isinstance(trigger, Tasked) and function.timeout > LONGEST_TASK_S:
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
    if push.dead_letters:
        yield from _dead_letters(push.dead_letters, push.topic, wiring)


def _dead_letters(given_up: DeadLetters, topic: str, wiring: Wiring) -> Iterator[str]:
    if given_up.topic not in wiring.topics:
        yield (
            f"trigger.dead_letter names {given_up.topic!r}, but no [topics.{given_up.topic}] exists"
        )
    if given_up.topic == topic:
        yield "trigger.dead_letter is its own topic: what cannot be delivered would come again"


def _queue(deployable: Function | Job, wiring: Wiring) -> Iterator[str]:
    trigger = deployable.trigger
    if isinstance(trigger, Tasked) and trigger.queue not in wiring.queues:
        yield f"trigger.queue names {trigger.queue!r}, but no [queues.{trigger.queue}] exists"


def _tasks(job: Job) -> Iterator[str]:
    if job.parallelism is not None and job.parallelism > job.tasks:
        yield f"parallelism of {job.parallelism} is more than its {job.tasks} tasks"


def _sends(deployable: Function | Job, wiring: Wiring) -> Iterator[str]:
    for name in deployable.sends:
        receiver = wiring.deployables.get(name)
        if receiver is None and name not in wiring.topics:
            yield f"sends to {name!r}, which is neither a function, a job nor a topic"
        elif receiver is not None and not isinstance(receiver.trigger, Tasked):
            yield f"sends to {name!r}, which no queue triggers"


def _sending_needs(deployable: Function | Job, wiring: Wiring) -> Iterator[str]:
    for need, receivers, kind in (
        ("tasks", wiring.deployables, "function or job"),
        ("pubsub", wiring.topics, "topic"),
    ):
        sent = [name for name in deployable.sends if name in receivers]
        if sent and need not in deployable.needs:
            yield f"sends to {sent[0]!r} but its needs do not list {need!r}"
        if not sent and need in deployable.needs:
            yield f"needs {need!r} but sends to no {kind}"


def _queues(wiring: Wiring) -> Iterator[str]:
    for queue in wiring.queues.values():
        where = f"{queue.file}: [queues.{queue.name}]"
        if not wiring.tasked(queue.name):
            yield f"{where} triggers no function and no job."
        elif not wiring.queue_senders(queue.name):
            yield f"{where} is fed by nobody's sends."
        if queue.min_backoff > queue.max_backoff:
            yield f"{where} min_backoff is longer than max_backoff."


def _topics(wiring: Wiring) -> Iterator[str]:
    subscribed = {push.topic for _, _, push in wiring.subscriptions()}
    for topic in wiring.topics.values():
        where = f"{topic.file}: [topics.{topic.name}]"
        if topic.name not in subscribed and not topic.outside:
            yield f"{where} has no receiver: subscribe a function or say outside = true."
        if topic.name in subscribed and topic.outside:
            yield f"{where} says outside = true, but a function here subscribes to it."
        if not wiring.topic_senders(topic.name) and not wiring.given_up_to(topic.name):
            yield f"{where} is fed by nobody's sends and no dead_letter."
