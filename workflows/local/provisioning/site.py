"""Where provisioning creates what it creates."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.wiring import Function


@dataclass(frozen=True, slots=True)
class Site:
    """Where to create: host:port or URL of each service, and how functions and jobs are started.

    Jobs run `python` in `root` and are told `job_environment`, or what this process is told.
    """

    project: str
    region: str
    pubsub: str
    tasks: str
    scheduler: str
    jobs: str
    storage: str
    bucket: str
    function_url_template: str
    invoker: str
    job_environment: Mapping[str, str] | None = None

    @property
    def location(self) -> str:
        """Parent of queues and jobs."""
        return f"projects/{self.project}/locations/{self.region}"


def id_token(site: Site, function: Function) -> dict[str, str]:
    """The `oidc_token` of a call to the function: signed as the invoker, for it alone."""
    return {
        "service_account_email": site.invoker,
        "audience": function.url(site.function_url_template),
    }
