"""Where everything of one running stack listens, and the environment that tells a function so."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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


def environment(
    function: Function, port: int, addresses: Addresses, secrets: Secrets, root: Path
) -> dict[str, str]:
    """The environment of a function's process: the names that production sets, local values."""
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
        "INVOKER_SERVICE_ACCOUNT": INVOKER,
        "ENCODER_DIR": os.environ.get("ENCODER_DIR", str(ROOT / "build" / "encoder")),
        "CLOCK_FILE": addresses.clock_file,
        "ENVIRONMENT": "local",
        "PORT": str(port),
        "FUNCTION_TARGET": function.name,
        "K_SERVICE": function.service,
        "K_REVISION": f"{function.service}-local",
        "K_CONFIGURATION": function.service,
    }


def _model_provider(addresses: Addresses) -> dict[str, str]:
    key = os.environ.get("ANTHROPIC_API_KEY")
    if key:
        return {"ANTHROPIC_API_KEY": key}
    return {
        "ANTHROPIC_API_KEY": EMULATED_KEY,
        "ANTHROPIC_BASE_URL": addresses.http("anthropic"),
    }
