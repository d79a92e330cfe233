"""The code's queues and jobs are the manifest's."""

from shared.outbox.queues import JOBS, QUEUE_OF
from workflows.manifest import load
from workflows.triggers import Tasked


def test_each_queue_is_the_one_that_triggers_its_function_or_job() -> None:
    declared = {
        name: given.trigger.queue
        for name, given in load().deployables.items()
        if isinstance(given.trigger, Tasked)
    }
    assert dict(QUEUE_OF) == declared


def test_jobs_are_told_from_functions() -> None:
    assert QUEUE_OF.keys() & load().jobs.keys() == JOBS
