"""A release asks before it creates, runs line by line and stops at the first failure."""

import pytest

from workflows.plan.execute import StepFailed, execute, resolve_digest
from workflows.plan.release import Release
from workflows.plan.steps import Argv, Deploy, Ensure, Run

DIGEST = "sha256:" + "ab" * 32


class RecordedCloud:
    """Knows which things exist and which lines fail; keeps the lines that were run."""

    def __init__(
        self, existing: dict[str, str] | None = None, failing: str = "", unreadable: str = ""
    ) -> None:
        self._existing = existing or {}
        self._failing = failing
        self._unreadable = unreadable
        self.ran: list[str] = []

    def run(self, argv: Argv) -> int:
        self.ran.append(" ".join(argv))
        return 7 if self._failing and self._failing in argv else 0

    def read(self, argv: Argv) -> tuple[int, str]:
        if self._unreadable and self._unreadable in argv:
            return 1, ""
        if "list" in argv:
            return 0, self._existing.get(argv[-1], "")
        return (0, self._existing[argv[-1]]) if argv[-1] in self._existing else (1, "")


QUEUE = Ensure(("describe", "queue"), ("create", "queue"), ("update", "queue"))
TOPIC = Ensure(("describe", "topic"), ("create", "topic"))
SERVICE = Deploy(("list", "service"), ("deploy",), ("deploy", "--no-traffic"))


def test_what_is_absent_is_created() -> None:
    cloud = RecordedCloud()
    execute([QUEUE, TOPIC, SERVICE], cloud)
    assert cloud.ran == ["create queue", "create topic", "deploy"]


def test_what_exists_is_updated_or_left_and_gets_no_traffic() -> None:
    cloud = RecordedCloud({"queue": "", "topic": "", "service": "read-trip\n"})
    execute([QUEUE, TOPIC, SERVICE], cloud)
    assert cloud.ran == ["update queue", "deploy --no-traffic"]


def test_nothing_runs_after_the_first_failure() -> None:
    cloud = RecordedCloud(failing="second")
    with pytest.raises(StepFailed, match="Stopped: exit code 7 from `second`"):
        execute([Run(("first",)), Run(("second",)), Run(("third",))], cloud)
    assert cloud.ran == ["first", "second"]


def test_a_service_list_that_fails_is_not_taken_for_an_absent_service() -> None:
    cloud = RecordedCloud(unreadable="list")
    with pytest.raises(StepFailed, match="list service"):
        execute([SERVICE], cloud)
    assert cloud.ran == []


def test_the_digest_is_the_registry_s(release: Release) -> None:
    tagged = f"--project={release.project}"
    assert resolve_digest(release, RecordedCloud({tagged: f"{DIGEST}\n"})) == DIGEST


def test_an_answer_that_is_no_digest_stops_the_release(release: Release) -> None:
    cloud = RecordedCloud({f"--project={release.project}": "latest"})
    with pytest.raises(StepFailed, match="'latest', which is no digest"):
        resolve_digest(release, cloud)
