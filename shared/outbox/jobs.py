"""The call of the Cloud Run API that starts an execution of one of our jobs."""

from collections.abc import Mapping
from typing import Any


def run_url(api: str, project: str, region: str, job: str) -> str:
    """Return the URL to post to; `api` is RUN_API_URL and `job` the job's folder."""
    name = job.replace("_", "-")
    return f"{api}/v2/projects/{project}/locations/{region}/jobs/{name}:run"


def run_body(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body that overrides what `payload` says: `env`, a text by name, and `tasks`.

    The others stay as the job was deployed (Cloud Run v2: RunJobRequest.Overrides).
    """
    overrides: dict[str, Any] = {}
    if env := payload.get("env"):
        variables = [{"name": name, "value": value} for name, value in env.items()]
        overrides["containerOverrides"] = [{"env": variables}]
    if tasks := payload.get("tasks"):
        overrides["taskCount"] = tasks
    return {"overrides": overrides} if overrides else {}
