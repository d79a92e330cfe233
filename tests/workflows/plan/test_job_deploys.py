"""A job is deployed as the manifest describes it: the common image, its own command and tasks."""

from collections.abc import Callable

import pytest

from workflows.plan.release import Release
from workflows.plan.services import deploy_job
from workflows.plan.steps import Run
from workflows.triggers import Tasked
from workflows.wiring import Job

JobBuilder = Callable[..., Job]


@pytest.fixture
def flags(a_job: JobBuilder, release: Release) -> Callable[..., dict[str, str]]:
    """The deploy line's flags of a job with these facts; one without a value has the empty text."""

    def build(**facts: object) -> dict[str, str]:
        step = deploy_job(a_job("learn_tastes", Tasked("nightly"), **facts), release)
        assert isinstance(step, Run)
        assert step.argv[:5] == ("gcloud", "run", "jobs", "deploy", "learn-tastes")
        words = (word.partition("=") for word in step.argv if word.startswith("--"))
        return {name: value for name, _, value in words}

    return build


def test_it_runs_its_module_in_the_common_image(
    flags: Callable[..., dict[str, str]], release: Release
) -> None:
    given = flags()
    assert given["--image"] == release.exact_image
    assert given["--command"] == "python"
    assert given["--args"] == "-m,functions.learn_tastes.main"
    assert "FUNCTION_TARGET" not in given["--set-env-vars"]


def test_sizes_tasks_and_tries_come_from_the_manifest(
    flags: Callable[..., dict[str, str]],
) -> None:
    given = flags(tasks=4, parallelism=2, retries=5, timeout=86_400.0, memory_mib=4096, cpu=2)
    assert given["--tasks"] == "4"
    assert given["--parallelism"] == "2"
    assert given["--max-retries"] == "5"
    assert given["--task-timeout"] == "86400s"
    assert given["--memory"] == "4096Mi"
    assert given["--cpu"] == "2"


def test_a_limit_that_the_manifest_no_longer_names_is_taken_away(
    flags: Callable[..., dict[str, str]],
) -> None:
    assert flags(parallelism=None)["--parallelism"] == "0"


def test_it_runs_as_its_own_account_with_the_secrets_of_its_needs(
    flags: Callable[..., dict[str, str]],
) -> None:
    given = flags(needs=("postgres", "storage"))
    assert given["--service-account"] == "learn-tastes@overplanned-prod.iam.gserviceaccount.com"
    assert given["--set-cloudsql-instances"] == "overplanned-prod:us-central1:overplanned"
    assert given["--set-secrets"] == (
        "DATABASE_URL=database-url:latest,TOMBSTONE_KEY=tombstone-key:latest"
    )
    assert "TRAINING_BUCKET=overplanned-prod-training" in given["--set-env-vars"].split(",")


def test_nobody_calls_a_job_so_it_has_no_flag_of_a_service(
    flags: Callable[..., dict[str, str]],
) -> None:
    of_a_service = {"--tag", "--ingress", "--allow-unauthenticated", "--concurrency", "--timeout"}
    assert flags().keys().isdisjoint(of_a_service)
