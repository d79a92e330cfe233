"""Where everything of one running stack listens, and the environment that tells code so."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from workflows.manifest import ROOT
from workflows.processes.environment import python
from workflows.runner.data_folder import Secrets
from workflows.wiring import Function

PROJECT = "overplanned-local"
REGION = "us-central1"
TRAINING_BUCKET = f"{PROJECT}-training"
INVOKER = f"invoker@{PROJECT}.iam.gserviceaccount.com"
# How the stack's own commands are reached on its internal ingress.
CONTROL = "_stack"
KEY_HEADER = "X-Stack-Key"
EMULATED_KEY = "emulated"


@dataclass(frozen=True, slots=True)
class Addresses:
    """A running stack: its tree and its URLs; `emulators` maps a name to its faces by kind."""

    root: str
    gateway: str
    ingress: str
    database_url: str
    redis_url: str
    qdrant_url: str
    emulators: Mapping[str, Mapping[str, str]]
    clock_file: str

    @property
    def function_url_template(self) -> str:
        """FUNCTION_URL_TEMPLATE: the internal ingress, a service to its first path segment."""
        return self.ingress + "/{service}"

    def http(self, emulator: str) -> str:
        """Base URL of an emulator's HTTP face: its interface, or its admin routes beside gRPC."""
        faces = self.emulators[emulator]
        return faces.get("http") or faces["admin"]

    def through(self, doors: Mapping[str, str]) -> "Addresses":
        """The same, with each engine or emulator of `doors` reached at the host:port it names."""
        emulators = {
            name: {face: _at(url, doors.get(name)) for face, url in faces.items()}
            for name, faces in self.emulators.items()
        }
        return replace(
            self,
            database_url=_at(self.database_url, doors.get("postgres")),
            redis_url=_at(self.redis_url, doors.get("redis")),
            qdrant_url=_at(self.qdrant_url, doors.get("qdrant")),
            emulators=emulators,
        )


def environment(
    function: Function, port: int, addresses: Addresses, secrets: Secrets, root: Path
) -> dict[str, str]:
    """The environment of a function's process: the names that production sets, local values."""
    return {
        **job_environment(addresses, secrets, root),
        "PORT": str(port),
        "FUNCTION_TARGET": function.name,
        "K_SERVICE": function.service,
        "K_REVISION": f"{function.service}-local",
        "K_CONFIGURATION": function.service,
    }


def job_environment(addresses: Addresses, secrets: Secrets, root: Path) -> dict[str, str]:
    """What every function and every job is told; Cloud Run adds which task a job's process is."""
    emulators = addresses.emulators
    return {
        **python(ROOT, root),
        **_model_provider(addresses),
        "DATABASE_URL": addresses.database_url,
        "REDIS_URL": addresses.redis_url,
        "QDRANT_URL": addresses.qdrant_url,
        "PUBSUB_EMULATOR_HOST": emulators["pubsub"]["grpc"],
        "CLOUD_TASKS_EMULATOR_HOST": emulators["tasks"]["grpc"],
        "STORAGE_EMULATOR_HOST": addresses.http("storage"),
        "SOURCES_BASE_URL": addresses.http("sources"),
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "GOOGLE_CLOUD_REGION": REGION,
        "NEXTAUTH_SECRET": secrets.nextauth,
        "TOMBSTONE_KEY": secrets.tombstone,
        "TRAINING_BUCKET": TRAINING_BUCKET,
        "OIDC_CERTS_URL": addresses.http("identity") + "/oauth2/v1/certs",
        "FUNCTION_URL_TEMPLATE": addresses.function_url_template,
        "RUN_API_URL": addresses.http("jobs"),
        "INVOKER_SERVICE_ACCOUNT": INVOKER,
        "ENCODER_DIR": os.environ.get("ENCODER_DIR", str(ROOT / "build" / "encoder")),
        "CLOCK_FILE": addresses.clock_file,
        "ENVIRONMENT": "local",
    }


def _model_provider(addresses: Addresses) -> dict[str, str]:
    key = os.environ.get("ANTHROPIC_API_KEY")
    if key:
        return {"ANTHROPIC_API_KEY": key}
    return {
        "ANTHROPIC_API_KEY": EMULATED_KEY,
        "ANTHROPIC_BASE_URL": addresses.http("anthropic"),
    }


def _at(url: str, door: str | None) -> str:
    """The URL, or bare host:port, with the door's host:port in place of its own."""
    if door is None:
        return url
    own = urlsplit(url if "//" in url else f"//{url}").netloc.rpartition("@")[2]
    return url.replace(own, door)
