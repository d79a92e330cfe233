"""A manifest that cannot be wired is refused in a sentence that says where and what to change."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from workflows.manifest import ManifestError, load

SOUND = """
[functions.plan_day]
trigger = { http = "POST /days" }
access  = "traveller"
needs   = ["tasks", "pubsub"]
sends   = ["warm_day", "days"]
memory  = "512Mi"
timeout = "10s"

[functions.warm_day]
trigger = { queue = "warm" }
memory  = "512Mi"
timeout = "10s"

[functions.hear_day]
trigger = { topic = "days", dead_letter = "days-dead", attempts = 20 }
memory  = "512Mi"
timeout = "10s"

[functions.sweep_days]
trigger = { schedule = "0 3 * * *" }
memory  = "512Mi"
timeout = "10s"

[functions.park_day]
trigger = { topic = "days-dead" }
memory  = "512Mi"
timeout = "10s"

[jobs.count_days]
trigger = { schedule = "0 2 * * *" }
needs   = ["tasks"]
sends   = ["learn_days"]
memory  = "2Gi"
timeout = "86400s"
tasks   = 4
parallelism = 2

[jobs.learn_days]
trigger = { queue = "nightly" }
memory  = "2Gi"
timeout = "3600s"

[queues.warm]
rate = 5
concurrent = 10
attempts = 5

[queues.nightly]
rate = 1
concurrent = 1
attempts = 6

[topics.days]
[topics.days-dead]
"""
FUNCTIONS = ("plan_day", "warm_day", "hear_day", "sweep_days", "park_day")
JOBS = ("count_days", "learn_days")


def a_tree(root: Path, **files: str) -> Path:
    """A repository with the sound manifest's folders and these manifest files."""
    for name in (*FUNCTIONS, *JOBS):
        (root / "functions" / name).mkdir(parents=True)
        (root / "functions" / name / "main.py").touch()
    (root / "workflows").mkdir()
    for name, text in files.items():
        (root / "workflows" / f"{name}.toml").write_text(text)
    return root


def said(root: Path) -> str:
    with pytest.raises(ManifestError) as refused:
        load(root / "workflows", root)
    return str(refused.value)


def test_the_sound_manifest_is_taken(tmp_path: Path) -> None:
    wiring = load(a_tree(tmp_path, days=SOUND) / "workflows", tmp_path)
    assert list(wiring.functions) == list(FUNCTIONS)
    assert list(wiring.jobs) == list(JOBS)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert said(a_tree(tmp_path)) == "workflows holds no *.toml manifest."


@dataclass(frozen=True)
class Fault:
    """A change to the sound manifest, and what is said of it."""

    old: str
    new: str
    says: str


FAULTS = [
    Fault(
        old='access  = "traveller"',
        new='acess = "traveller"',
        says=(
            "[functions.plan_day] has an unknown key 'acess'; allowed are access, "
            "concurrency, cpu, memory, min_instances, needs, sends, timeout, trigger."
        ),
    ),
    Fault(
        old="[queues.warm]",
        new="[queue.warm]",
        says=("has an unknown key 'queue'; allowed are functions, jobs, queues, topics."),
    ),
    Fault(
        old='{ topic = "days", ',
        new='{ topic = "days", deadline = "30s", ',
        says=(
            "[functions.hear_day.trigger] has an unknown key 'deadline'; allowed are "
            "ack_deadline, attempts, dead_letter, http, max_backoff, min_backoff, queue, "
            "schedule, topic."
        ),
    ),
    Fault(
        old='access  = "traveller"\n',
        new="",
        says=("[functions.plan_day] needs access: traveller, admin or public."),
    ),
    Fault(
        old='memory  = "512Mi"\ntimeout = "10s"\n\n[functions.warm_day]',
        new='timeout = "10s"\n\n[functions.warm_day]',
        says=("[functions.plan_day] lacks the key 'memory'."),
    ),
    Fault(
        old='"POST /days"',
        new='"post /days"',
        says=(
            '[functions.plan_day] trigger.http must be a method and a path such as "GET '
            "/api/v1/trips/{trip_id}\", not 'post /days'."
        ),
    ),
    Fault(
        old='"POST /days"',
        new='"POST /days/{}"',
        says=(
            "[functions.plan_day] trigger.http has a path segment '{}' that is neither text "
            "nor {name}."
        ),
    ),
    Fault(
        old='{ queue = "warm" }',
        new='{ queue = "warm", topic = "days" }',
        says=("[functions.warm_day] trigger needs exactly one of http, topic, queue, schedule."),
    ),
    Fault(
        old='{ queue = "warm" }',
        new='{ queue = "warm", ack_deadline = "30s" }',
        says=("[functions.warm_day] trigger ack_deadline only stand beside topic."),
    ),
    Fault(
        old='"0 3 * * *"',
        new='"0 25 * * *"',
        says=(
            "[functions.sweep_days] trigger.schedule is not a cron line: Bad hour in '0 25 * * *'."
        ),
    ),
    Fault(
        old='"0 3 * * *"',
        new='"0 3 L * *"',
        says=(
            "[functions.sweep_days] trigger.schedule must be a five-field cron line such as "
            "\"*/5 * * * *\", not '0 3 L * *'."
        ),
    ),
    Fault(
        old='["tasks", "pubsub"]',
        new='["tasks", "pubsub", "mongo"]',
        says=(
            "[functions.plan_day] needs.2 input should be 'postgres', 'redis', 'qdrant', "
            "'anthropic', 'onnx', 'storage', 'pubsub' or 'tasks'."
        ),
    ),
    Fault(
        old='["tasks", "pubsub"]',
        new='["tasks"]',
        says=("[functions.plan_day] sends to 'days' but its needs do not list 'pubsub'."),
    ),
    Fault(
        old='["warm_day", "days"]',
        new='["days"]',
        says=(
            "[functions.plan_day] needs 'tasks' but sends to no function or job.\n"
            "[queues.warm] is fed by nobody's sends."
        ),
    ),
    Fault(
        old='["warm_day", "days"]',
        new='["warm_day", "days", "nights"]',
        says=(
            "[functions.plan_day] sends to 'nights', which is neither a function, a job "
            "nor a topic."
        ),
    ),
    Fault(
        old='["warm_day", "days"]',
        new='["warm_day", "days", "sweep_days"]',
        says=("[functions.plan_day] sends to 'sweep_days', which no queue triggers."),
    ),
    Fault(
        old='{ topic = "days-dead" }',
        new='{ schedule = "0 4 * * *" }',
        says=("[topics.days-dead] has no receiver: subscribe a function or say outside = true."),
    ),
    Fault(
        old="[topics.days]\n",
        new="[topics.days]\noutside = true\n",
        says=("[topics.days] says outside = true, but a function here subscribes to it."),
    ),
    Fault(
        old="[topics.days]\n",
        new="[topics.days]\n[topics.nights]\noutside = true\n",
        says=("[topics.nights] is fed by nobody's sends and no dead_letter."),
    ),
    Fault(
        old="[queues.warm]",
        new="[queues.idle]\nrate = 1\nconcurrent = 1\nattempts = 1\n[queues.warm]",
        says=("[queues.idle] triggers no function and no job."),
    ),
    Fault(
        old='{ queue = "warm" }',
        new='{ queue = "hot" }',
        says=(
            "[functions.warm_day] trigger.queue names 'hot', but no [queues.hot] exists.\n"
            "[queues.warm] triggers no function and no job."
        ),
    ),
    Fault(
        old='{ schedule = "0 3 * * *" }\nmemory  = "512Mi"',
        new='{ schedule = "0 3 * * *" }\nmemory  = "half"',
        says=(
            '[functions.sweep_days] memory must be a size such as "512Mi" or "1Gi", not \'half\'.'
        ),
    ),
    Fault(
        old='{ schedule = "0 3 * * *" }\nmemory  = "512Mi"',
        new='{ schedule = "0 3 * * *" }\nmemory  = "6Gi"',
        says=("[functions.sweep_days] memory of 6144Mi needs cpu of at least 2."),
    ),
    Fault(
        old='{ schedule = "0 3 * * *" }\nmemory  = "512Mi"\ntimeout = "10s"',
        new='{ schedule = "0 3 * * *" }\nmemory  = "512Mi"\ntimeout = 10',
        says=('[functions.sweep_days] timeout must be seconds such as "15s", not 10.'),
    ),
    Fault(
        old='{ topic = "days-dead" }\nmemory  = "512Mi"\ntimeout = "10s"',
        new='{ topic = "days-dead", ack_deadline = "10s" }\nmemory  = "512Mi"\ntimeout = "60s"',
        says=(
            "[functions.park_day] timeout of 60s is longer than its ack_deadline of 10s: "
            "the message would come again while it still runs."
        ),
    ),
    Fault(
        old='{ queue = "warm" }\n',
        new='{ queue = "warm" }\naccess = "public"\n',
        says=(
            "[functions.warm_day] access only stands beside an http trigger: the cloud "
            "alone calls this one."
        ),
    ),
    Fault(
        old='{ schedule = "0 2 * * *" }',
        new='{ http = "POST /count" }',
        says=("[jobs.count_days.trigger] has an unknown key 'http'; allowed are queue, schedule."),
    ),
    Fault(
        old="parallelism = 2",
        new="parallelism = 5",
        says=("[jobs.count_days] parallelism of 5 is more than its 4 tasks."),
    ),
    Fault(
        old="parallelism = 2",
        new="concurrency = 2",
        says=(
            "[jobs.count_days] has an unknown key 'concurrency'; allowed are cpu, memory, needs, "
            "parallelism, retries, sends, tasks, timeout, trigger."
        ),
    ),
    Fault(
        old='"86400s"',
        new='"86401s"',
        says=("[jobs.count_days] timeout input should be less than or equal to 86400."),
    ),
    Fault(
        old='{ queue = "nightly" }\nmemory  = "2Gi"',
        new='{ queue = "nightly" }\nmemory  = "256Mi"',
        says=("[jobs.learn_days] memory input should be greater than or equal to 512."),
    ),
    Fault(
        old='needs   = ["tasks"]\nsends   = ["learn_days"]',
        new='sends   = ["learn_days"]',
        says=("[jobs.count_days] sends to 'learn_days' but its needs do not list 'tasks'."),
    ),
    Fault(
        old='needs   = ["tasks"]\nsends   = ["learn_days"]',
        new="",
        says=("[queues.nightly] is fed by nobody's sends."),
    ),
    Fault(
        old='sends   = ["learn_days"]',
        new='sends   = ["learn_days", "count_days"]',
        says=("[jobs.count_days] sends to 'count_days', which no queue triggers."),
    ),
    Fault(
        old='{ queue = "nightly" }',
        new='{ queue = "nights" }',
        says=(
            "[jobs.learn_days] trigger.queue names 'nights', but no [queues.nights] exists.\n"
            "[queues.nightly] triggers no function and no job."
        ),
    ),
    Fault(
        old="[jobs.learn_days]",
        new='[jobs.park_day]\ntrigger = { schedule = "0 1 * * *" }\n'
        'memory = "1Gi"\ntimeout = "1s"\n\n[jobs.learn_days]',
        says=("[jobs.park_day] has the name of [functions.park_day]: a folder is one of the two."),
    ),
    Fault(
        old=', dead_letter = "days-dead", attempts = 20',
        new="",
        says=("[topics.days-dead] is fed by nobody's sends and no dead_letter."),
    ),
    Fault(
        old=", attempts = 20",
        new="",
        says=("[functions.hear_day] trigger dead_letter and attempts only stand together."),
    ),
    Fault(
        old="attempts = 20",
        new="attempts = 4",
        says=("[functions.hear_day] trigger.attempts input should be greater than or equal to 5."),
    ),
    Fault(
        old='"days-dead", attempts',
        new='"days", attempts',
        says=(
            "[functions.hear_day] trigger.dead_letter is its own topic: what cannot be delivered "
            "would come again.\n"
            "[topics.days-dead] is fed by nobody's sends and no dead_letter."
        ),
    ),
    Fault(
        old='"days-dead", attempts',
        new='"lost", attempts',
        says=(
            "[functions.hear_day] trigger.dead_letter names 'lost', but no [topics.lost] exists.\n"
            "[topics.days-dead] is fed by nobody's sends and no dead_letter."
        ),
    ),
    Fault(
        old='{ queue = "warm" }\n',
        new='{ queue = "warm", dead_letter = "days-dead", attempts = 5 }\n',
        says=("[functions.warm_day] trigger attempts, dead_letter only stand beside topic."),
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.says[:60])
def test_a_fault_is_told_with_file_table_and_key(tmp_path: Path, fault: Fault) -> None:
    assert SOUND.count(fault.old) == 1
    told = said(a_tree(tmp_path, days=SOUND.replace(fault.old, fault.new)))
    assert told.replace("workflows/days.toml: ", "") == fault.says


def test_text_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    told = said(a_tree(tmp_path, days="[functions.plan_day\n"))
    assert told.startswith("workflows/days.toml is not TOML: ")
    assert "line 1" in told


def test_a_function_without_a_folder_is_told(tmp_path: Path) -> None:
    root = a_tree(tmp_path, days=SOUND)
    (root / "functions" / "hear_day" / "main.py").unlink()
    (root / "functions" / "warm_day" / "main.py").unlink()
    (root / "functions" / "warm_day").rmdir()
    assert said(root) == (
        "workflows/days.toml: [functions.warm_day] has no folder functions/warm_day/.\n"
        "workflows/days.toml: [functions.hear_day] has a folder without functions/hear_day/main.py."
    )


def test_a_name_declared_in_two_files_is_told(tmp_path: Path) -> None:
    root = a_tree(tmp_path, days=SOUND, nights="[topics.days]\n")
    assert (
        said(root) == "workflows/nights.toml: [topics.days] already stands in workflows/days.toml."
    )


def test_a_route_answered_twice_is_told_though_its_parameter_has_another_name(
    tmp_path: Path,
) -> None:
    (tmp_path / "functions" / "read_day").mkdir(parents=True)
    (tmp_path / "functions" / "read_day" / "main.py").touch()
    one = '[functions.plan_day]\ntrigger = { http = "GET /days/{day}" }\naccess = "public"\n'
    other = '[functions.read_day]\ntrigger = { http = "GET /days/{id}" }\naccess = "public"\n'
    rest = 'memory = "512Mi"\ntimeout = "1s"\n'
    assert said(a_tree(tmp_path, days=one + rest, more=other + rest)) == (
        "workflows/more.toml: [functions.read_day] trigger.http answers GET /days/{id}, "
        "which [functions.plan_day] in workflows/days.toml already answers."
    )


def test_a_name_that_is_no_identifier_is_told(tmp_path: Path) -> None:
    told = said(a_tree(tmp_path, days=SOUND + '[topics."Big Days"]\n'))
    assert told.startswith("workflows/days.toml: [topics.Big Days] string should match pattern")
