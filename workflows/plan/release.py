"""What a release is of and where it goes: every name in the cloud follows from these facts."""

import re
from dataclasses import dataclass

REPOSITORY = "overplanned"
DATABASE = "overplanned"
NETWORK = "default"
# Visible in a dry run, and still a digest to gcloud's grammar.
UNRESOLVED_DIGEST = "sha256:" + "0" * 64

_PROJECT = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
_NUMBER = re.compile(r"[0-9]{1,19}")
_REGION = re.compile(r"[a-z]+-[a-z]+[0-9]+")
_COMMIT = re.compile(r"[0-9a-f]{7,40}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
# Service accounts have the shortest names of all that is named after a function.
_ACCOUNT = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")


class PlanError(ValueError):
    """No plan can be made; the sentence says what to change."""


@dataclass(frozen=True, slots=True)
class Release:
    """One commit on its way to one project and region.

    `digest` is the image's, or UNRESOLVED_DIGEST. Raises PlanError for a malformed part.
    """

    project: str
    number: str
    region: str
    commit: str
    digest: str = UNRESOLVED_DIGEST

    def __post_init__(self) -> None:
        for what, value, pattern, example in (
            ("project id", self.project, _PROJECT, "overplanned-prod"),
            ("project number", self.number, _NUMBER, "123456789012"),
            ("region", self.region, _REGION, "us-central1"),
            ("commit", self.commit, _COMMIT, "a hexadecimal git hash"),
            ("image digest", self.digest, _DIGEST, "sha256: and 64 hexadecimal digits"),
        ):
            if not pattern.fullmatch(value):
                raise PlanError(f"The {what} {value!r} is none: it looks like {example}.")

    @property
    def image(self) -> str:
        """The one image of all functions, without tag or digest."""
        return f"{self.region}-docker.pkg.dev/{self.project}/{REPOSITORY}/functions"

    @property
    def tagged_image(self) -> str:
        """The image as the build names it: by commit."""
        return f"{self.image}:{self.commit}"

    @property
    def exact_image(self) -> str:
        """The image as services run it: by digest."""
        return f"{self.image}@{self.digest}"

    @property
    def traffic_tag(self) -> str:
        """The revision's tag, by which it can be called before it gets traffic."""
        return f"c-{self.commit[:12]}"

    @property
    def url_template(self) -> str:
        """FUNCTION_URL_TEMPLATE: Cloud Run's deterministic URL of a service."""
        return f"https://{{service}}-{self.number}.{self.region}.run.app"

    @property
    def sql_instance(self) -> str:
        """The Cloud SQL instance's connection name."""
        return f"{self.project}:{self.region}:{DATABASE}"

    @property
    def bucket(self) -> str:
        """The name of the bucket that holds the training sets."""
        return f"{self.project}-training"

    @property
    def pubsub_agent(self) -> str:
        """The e-mail of Pub/Sub's own account, which moves dead letters."""
        return f"service-{self.number}@gcp-sa-pubsub.iam.gserviceaccount.com"

    @property
    def invoker(self) -> str:
        """The e-mail that subscriptions, queues and schedules sign their calls as."""
        return self.account("invoker")

    def account(self, name: str) -> str:
        """The e-mail of the service account `name`; PlanError where IAM refuses the name."""
        if not _ACCOUNT.fullmatch(name):
            raise PlanError(
                f"The service name {name!r} has {len(name)} characters, and a service account "
                "has 6 to 30: give the function another name."
            )
        return f"{name}@{self.project}.iam.gserviceaccount.com"
