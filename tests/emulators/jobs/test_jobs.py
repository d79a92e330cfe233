"""Jobs: what is kept of them, and what is refused."""

import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.api_core.exceptions import (
    BadRequest,
    Conflict,
    MethodNotImplemented,
    NotFound,
)
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import InvalidOperation
from google.cloud.run_v2 import Job

from emulators import jobs
from tests.emulators.descriptors import installed_files, kept_files
from tests.emulators.jobs.cloud import LOCATION, NIGHTLY, Cloud, a_job


async def test_a_job_gets_the_defaults_that_it_does_not_name(cloud: Cloud) -> None:
    made = await cloud.create("exit 0")
    assert made == await cloud.call(cloud.jobs.get_job, name=NIGHTLY)
    template = made.template.template
    assert (made.name, made.generation, made.template.task_count) == (NIGHTLY, 1, 1)
    assert (template.max_retries, template.timeout) == (3, datetime.timedelta(seconds=600))
    assert made.terminal_condition.state.name == "CONDITION_SUCCEEDED"


async def test_no_retries_at_all_can_be_asked_for(cloud: Cloud) -> None:
    made = await cloud.create("exit 0", max_retries=0)
    assert made.template.template.max_retries == 0


async def test_what_a_deployment_sets_beside_is_kept_and_shown(cloud: Cloud) -> None:
    wanted = a_job(
        "exit 0",
        service_account="jobs@overplanned-local.iam.gserviceaccount.com",
        execution_environment="EXECUTION_ENVIRONMENT_GEN2",
        container={"resources": {"limits": {"cpu": "2", "memory": "2Gi"}}},
    )
    wanted.labels, wanted.annotations = {"team": "ranking"}, {"why": "nightly"}
    wanted.client, wanted.client_version = "gcloud", "500.0.0"
    await cloud.call(cloud.jobs.create_job, parent=LOCATION, job=wanted, job_id="nightly")
    kept = await cloud.call(cloud.jobs.get_job, name=NIGHTLY)
    assert (kept.labels, kept.annotations) == (wanted.labels, wanted.annotations)
    assert (kept.client, kept.client_version) == ("gcloud", "500.0.0")
    task = kept.template.template
    assert task.service_account == wanted.template.template.service_account
    assert task.containers[0].image == "python"
    assert task.containers[0].resources.limits == {"cpu": "2", "memory": "2Gi"}
    assert (await cloud.run()).template.service_account == task.service_account


async def test_jobs_are_listed_by_name_in_pages(cloud: Cloud) -> None:
    for job_id in ("c", "a", "b"):
        await cloud.create("exit 0", job_id)
    request = {"parent": LOCATION, "page_size": 2}
    found = await cloud.call(lambda: list(cloud.jobs.list_jobs(request=request)))
    assert [job.name.rpartition("/")[2] for job in found] == ["a", "b", "c"]


async def test_executions_are_listed_latest_first_of_one_job_or_of_all(cloud: Cloud) -> None:
    for job_id in ("a", "b"):
        await cloud.create("exit 0", job_id)
    names = [(await cloud.run(f"{LOCATION}/jobs/{job_id}")).name for job_id in ("a", "b", "a")]

    async def listed(job: str) -> list[str]:
        request = {"parent": f"{LOCATION}/jobs/{job}", "page_size": 1}
        pager = cloud.executions.list_executions
        found = await cloud.call(lambda: list(pager(request=request)))
        return [execution.name for execution in found]

    assert await listed("a") == [names[2], names[0]]
    assert await listed("-") == names[::-1]


async def test_tasks_are_listed_by_index_in_pages(cloud: Cloud) -> None:
    await cloud.create("exit 0", tasks=12)
    request = {"parent": (await cloud.run()).name, "page_size": 5}
    found = await cloud.call(lambda: list(cloud.tasks.list_tasks(request=request)))
    assert [task.index for task in found] == list(range(12))


async def test_an_update_replaces_the_job_and_leaves_past_executions_alone(cloud: Cloud) -> None:
    made = await cloud.create("exit 0", max_retries=1)
    before = await cloud.run()
    made.template.template.containers[0].args = ["more"]
    made.template.task_count = 2
    made.etag = ""
    operation = await cloud.call(cloud.jobs.update_job, job=made)
    assert operation.metadata.generation == 2
    after = await cloud.run()
    assert [
        (each.task_count, list(each.template.containers[0].args)) for each in (before, after)
    ] == [
        (1, []),
        (2, ["more"]),
    ]
    assert after.template.max_retries == 1
    kept = await cloud.call(cloud.jobs.get_job, name=NIGHTLY)
    assert (kept.uid, kept.execution_count) == (made.uid, 2)


async def test_an_update_may_make_the_job_where_it_says_so(cloud: Cloud) -> None:
    job = a_job("exit 0")
    job.name = NIGHTLY
    with pytest.raises(NotFound):
        await cloud.call(cloud.jobs.update_job, job=job)
    await cloud.call(cloud.jobs.update_job, request={"job": job, "allow_missing": True})
    assert (await cloud.call(cloud.jobs.get_job, name=NIGHTLY)).generation == 1


async def test_an_outdated_etag_is_a_conflict(cloud: Cloud) -> None:
    made = await cloud.create("exit 0")
    await cloud.call(cloud.jobs.update_job, job=made)
    with pytest.raises(Conflict):
        await cloud.call(cloud.jobs.update_job, job=made)


async def test_a_deleted_job_is_gone_with_its_executions(cloud: Cloud) -> None:
    await cloud.create("exit 0")
    execution = await cloud.run()
    await cloud.call(cloud.jobs.delete_job, name=NIGHTLY)
    for method, name in (
        (cloud.jobs.get_job, NIGHTLY),
        (cloud.jobs.run_job, NIGHTLY),
        (cloud.executions.get_execution, execution.name),
    ):
        with pytest.raises(NotFound, match="does not exist"):
            await cloud.call(method, name=name)


async def test_a_deleted_execution_is_gone(cloud: Cloud) -> None:
    await cloud.create("sleep 60")
    started = await cloud.start()
    await cloud.call(cloud.executions.delete_execution, name=started.name)
    with pytest.raises(NotFound):
        await started.now()


async def test_a_name_can_be_taken_once(cloud: Cloud) -> None:
    await cloud.create("exit 0")
    with pytest.raises(Conflict, match="already exists") as refused:
        await cloud.create("exit 0")
    assert refused.value.response.json()["error"]["status"] == "ALREADY_EXISTS"


@pytest.mark.parametrize("job_id", ["", "Nightly", "9lives", "a_b", "a-", "x" * 64, "../up"])
async def test_a_job_cannot_have_any_name(cloud: Cloud, job_id: str) -> None:
    with pytest.raises((BadRequest, ValueError)):
        await cloud.create("exit 0", job_id)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"tasks": 10_001}, "job.template.task_count"),
        ({"parallelism": -1}, "job.template.parallelism"),
        ({"max_retries": 11}, "job.template.template.max_retries"),
        ({"timeout": datetime.timedelta(days=8)}, "job.template.template.timeout"),
        ({"container": {"image": ""}}, "job.template.template.containers[0].image"),
        ({"container": {"working_dir": "here"}}, "job.template.template.containers[0].working_dir"),
        (
            {"container": {"env": [{"name": "CLOUD_RUN_TASK_INDEX", "value": "1"}]}},
            "job.template.template.containers[0].env[0].name",
        ),
        (
            {"container": {"env": [{"name": "A=B"}]}},
            "job.template.template.containers[0].env[0].name",
        ),
        ({"container": {"args": ["a\0b"]}}, "job.template.template.containers[0]"),
    ],
)
async def test_a_value_out_of_its_range_is_refused_by_its_field(
    cloud: Cloud, settings: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        await cloud.create("exit 0", **settings)
    error = refused.value.response.json()["error"]
    [violation] = error["details"][0]["fieldViolations"]
    assert (error["status"], violation["field"]) == (
        "INVALID_ARGUMENT",
        f"CreateJobRequest.{field}",
    )


@pytest.mark.parametrize(
    ("job", "named"),
    [
        (a_job("x", volumes=[{"name": "v"}]), "job.template.template.volumes"),
        (a_job("x", vpc_access={"connector": "c"}), "job.template.template.vpcAccess"),
        (a_job("x", encryption_key="k"), "job.template.template.encryptionKey"),
        (
            a_job("x", container={"env": [{"name": "A", "value_source": {}}]}),
            "job.template.template.containers[0].env[0].valueSource",
        ),
        (
            a_job("x", container={"volume_mounts": [{"name": "v"}]}),
            "job.template.template.containers[0].volumeMounts",
        ),
        (a_job("x", container={"command": []}), "the image's own entrypoint"),
        (Job(start_execution_token="t"), "job.startExecutionToken"),
    ],
)
async def test_what_is_not_carried_out_is_refused_by_name(
    cloud: Cloud, job: Job, named: str
) -> None:
    with pytest.raises(MethodNotImplemented, match="The emulator does not support") as refused:
        await cloud.call(cloud.jobs.create_job, parent=LOCATION, job=job, job_id="nightly")
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"templates": {}}, "Unknown name \"templates\" at 'job': Cannot find field."),
        (
            {"template": {"template": {"maxRetry": 1}}},
            "Unknown name \"maxRetry\" at 'job.template.template': Cannot find field.",
        ),
        ({"template": {"taskCount": "many"}}, "Invalid JSON payload received."),
        ([], "must be an object"),
    ],
)
async def test_json_that_is_no_job_is_refused(
    http: httpx.AsyncClient, body: Any, message: str
) -> None:
    answer = await http.post(f"/v2/{LOCATION}/jobs", params={"jobId": "nightly"}, json=body)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert message in answer.json()["error"]["message"]


async def test_a_call_without_a_token_is_refused(cloud: Cloud, url: str) -> None:
    await cloud.create("exit 0")
    anonymous = Cloud(url, AnonymousCredentials())  # type: ignore[no-untyped-call]
    with pytest.raises(InvalidOperation, match="cannot be refreshed"):  # its answer to a 401
        await cloud.call(anonymous.jobs.run_job, name=NIGHTLY)
    assert (await cloud.call(cloud.jobs.get_job, name=NIGHTLY)).execution_count == 0


def test_the_descriptor_file_is_that_of_the_installed_client() -> None:
    kept = Path(jobs.__file__).with_name("jobs.binpb")
    assert kept_files(kept) == installed_files("google.cloud.run_v2.types")
