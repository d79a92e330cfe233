"""Owns which request calls which method of the API (google.api.http of its services)."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from emulators.jobs.call import Call
from emulators.jobs.engine import Engine
from emulators.jobs.execution_methods import ExecutionMethods
from emulators.jobs.job_methods import JobMethods
from emulators.jobs.operation_methods import OperationMethods
from emulators.jobs.wire import Json

SYSTEM_PARAMETERS = ("$alt", "alt", "$prettyPrint", "prettyPrint", "key", "quotaUser")

_LOCATION = r"projects/[^/]+/locations/[^/:]+"
_JOB = rf"{_LOCATION}/jobs/[^/:]+"
_EXECUTION = rf"{_JOB}/executions/[^/:]+"
_OPERATION = rf"{_LOCATION}/operations/[^/:]+"


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the API: the requests that call it, and the names their query may have."""

    name: str
    verb: str
    path: re.Pattern[str]
    query: tuple[str, ...] = ()


def _method(name: str, verb: str, resource: str, rest: str = "", *query: str) -> Method:
    return Method(name, verb, re.compile(rf"/v2/({resource}){rest}"), query)


_PAGE = ("pageSize", "pageToken", "showDeleted")
METHODS = (
    _method("CreateJob", "POST", _LOCATION, "/jobs", "jobId", "validateOnly"),
    _method("GetJob", "GET", _JOB),
    _method("ListJobs", "GET", _LOCATION, "/jobs", *_PAGE),
    _method("UpdateJob", "PATCH", _JOB, "", "validateOnly", "allowMissing"),
    _method("DeleteJob", "DELETE", _JOB, "", "validateOnly", "etag"),
    _method("RunJob", "POST", _JOB, ":run"),
    _method("GetExecution", "GET", _EXECUTION),
    _method("ListExecutions", "GET", _JOB, "/executions", *_PAGE),
    _method("CancelExecution", "POST", _EXECUTION, ":cancel"),
    _method("DeleteExecution", "DELETE", _EXECUTION, "", "validateOnly", "etag"),
    _method("GetTask", "GET", rf"{_EXECUTION}/tasks/[^/:]+"),
    _method("ListTasks", "GET", _EXECUTION, "/tasks", *_PAGE),
    _method("GetOperation", "GET", _OPERATION),
    _method("WaitOperation", "POST", _OPERATION, ":wait"),
)


def find(verb: str, path: str) -> tuple[Method, str] | None:
    """The method that a request calls, and the resource or parent that its path names."""
    for method in METHODS:
        if method.verb == verb and (match := method.path.fullmatch(path)):
            return method, match[1]
    return None


def handlers(engine: Engine) -> dict[str, Callable[[Call], Awaitable[Json]]]:
    """The coroutine behind each method's name."""
    jobs, executions = JobMethods(engine), ExecutionMethods(engine)
    operations = OperationMethods(engine)
    return {
        "CreateJob": jobs.create_job,
        "GetJob": jobs.get_job,
        "ListJobs": jobs.list_jobs,
        "UpdateJob": jobs.update_job,
        "DeleteJob": jobs.delete_job,
        "RunJob": jobs.run_job,
        "GetExecution": executions.get_execution,
        "ListExecutions": executions.list_executions,
        "CancelExecution": executions.cancel_execution,
        "DeleteExecution": executions.delete_execution,
        "GetTask": executions.get_task,
        "ListTasks": executions.list_tasks,
        "GetOperation": operations.get_operation,
        "WaitOperation": operations.wait_operation,
    }
