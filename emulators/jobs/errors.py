"""Owns the refusals of the Cloud Run emulator, in the service's words where those are known."""

from typing import Any

_BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


class RunError(Exception):
    """One refused request: HTTP status, google.rpc status and the sentence shown."""

    def __init__(self, code: int, status: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.field = field

    def body(self) -> dict[str, Any]:
        """Google's error body; a refused field stands in a BadRequest detail."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.field:
            violation = {"field": self.field, "description": self.message}
            error["details"] = [{"@type": _BAD_REQUEST, "fieldViolations": [violation]}]
        return {"error": error}


def invalid(message: str, field: str = "") -> RunError:
    """A value cannot be used."""
    return RunError(400, "INVALID_ARGUMENT", message, field)


def violation(field: str, why: str) -> RunError:
    """A field of a request breaks a rule; `field` begins with the name of the request."""
    return invalid(f"Violation in {field}: {why}", field)


def missing(kind: str, name: str) -> RunError:
    """There is no such job, execution, task or operation; `name` is its full one."""
    _, project, _, region, *rest = name.split("/")
    text = f"Resource '{rest[-1]}' of kind '{kind}' in region '{region}' in project '{project}'"
    return RunError(404, "NOT_FOUND", f"{text} does not exist.")


def taken(job_id: str) -> RunError:
    """The job's name is in use."""
    return RunError(409, "ALREADY_EXISTS", f"Resource '{job_id}' already exists.")


def outdated(etag: str) -> RunError:
    """The resource has changed since the caller read it."""
    return RunError(409, "ABORTED", f"The etag {etag} is not that of the current version.")


def completed(name: str) -> RunError:
    """An execution that has ended cannot be cancelled."""
    return RunError(400, "FAILED_PRECONDITION", f"The execution {name} has already completed.")


def unauthenticated() -> RunError:
    """The request carries no bearer token."""
    return RunError(
        401,
        "UNAUTHENTICATED",
        "Request is missing required authentication credential. Expected OAuth 2 access token, "
        "login cookie or other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )


def unsupported(what: str) -> RunError:
    """Cloud Run can do this and the emulator cannot."""
    return RunError(501, "UNIMPLEMENTED", f"The emulator does not support {what}.", what)
