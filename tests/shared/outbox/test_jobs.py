"""A job is started by the call that the Cloud Run API documents."""

import pytest
from google.cloud.run_v2 import RunJobRequest
from google.protobuf import json_format

from shared.outbox.jobs import run_body, run_url


def test_the_url_names_the_job_as_it_is_deployed() -> None:
    assert run_url("https://run.googleapis.com", "p", "us-central1", "refresh_personas") == (
        "https://run.googleapis.com/v2/projects/p/locations/us-central1/jobs/refresh-personas:run"
    )


def test_what_is_given_is_overridden() -> None:
    body = run_body({"env": {"DAY": "2026-11-22", "VERSION": "3"}, "tasks": 4})
    request = RunJobRequest.pb(RunJobRequest())
    json_format.ParseDict(body, request)
    (container,) = request.overrides.container_overrides
    assert [(one.name, one.value) for one in container.env] == [
        ("DAY", "2026-11-22"),
        ("VERSION", "3"),
    ]
    assert request.overrides.task_count == 4


@pytest.mark.parametrize("payload", [{}, {"env": {}}])
def test_what_is_not_given_stays_as_it_was_deployed(payload: dict[str, object]) -> None:
    assert run_body(payload) == {}
