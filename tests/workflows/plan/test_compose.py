"""docker-compose.yml runs every function of the manifest, pinned, in the environment it reads."""

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import pytest
import yaml

from workflows.local.provisioning.site import Site
from workflows.manifest import ROOT, load

FUNCTION_ENVIRONMENT = {
    "DATABASE_URL",
    "REDIS_URL",
    "QDRANT_URL",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_API_KEY",
    "PUBSUB_EMULATOR_HOST",
    "CLOUD_TASKS_EMULATOR_HOST",
    "STORAGE_EMULATOR_HOST",
    "SOURCES_BASE_URL",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_CLOUD_REGION",
    "NEXTAUTH_SECRET",
    "TOMBSTONE_KEY",
    "TRAINING_BUCKET",
    "RUN_API_URL",
    "OIDC_CERTS_URL",
    "FUNCTION_URL_TEMPLATE",
    "INVOKER_SERVICE_ACCOUNT",
    "CLOCK_FILE",
    "ENVIRONMENT",
    "K_SERVICE",
    "PORT",
    "FUNCTION_TARGET",
}
OUR_IMAGES = {"overplanned/functions", "overplanned/emulators"}
SERVICE_IN_URL = re.compile(r"(?://|@|^)([a-z][a-z-]*):\d+")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    composed = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    found: dict[str, Any] = composed["services"]
    return found


@pytest.fixture(scope="module")
def functions(services: dict[str, Any]) -> dict[str, Any]:
    """The services that run one function each."""
    return {
        name: service
        for name, service in services.items()
        if "FUNCTION_TARGET" in service.get("environment", {})
    }


def test_each_function_of_the_manifest_is_a_service_of_its_name(functions: dict[str, Any]) -> None:
    targets = {name: given["environment"]["FUNCTION_TARGET"] for name, given in functions.items()}
    assert targets == {function.service: name for name, function in load().functions.items()}
    assert all(given["environment"]["K_SERVICE"] == name for name, given in functions.items())


def test_functions_get_the_environment_that_every_stack_sets(functions: dict[str, Any]) -> None:
    for name, given in functions.items():
        assert given["environment"].keys() == FUNCTION_ENVIRONMENT, name


def test_functions_have_the_memory_of_the_manifest(functions: dict[str, Any]) -> None:
    declared = {
        function.service: f"{function.memory_mib}m" for function in load().functions.values()
    }
    assert {name: given["mem_limit"] for name, given in functions.items()} == declared


def test_functions_listen_where_their_address_points(functions: dict[str, Any]) -> None:
    for name, given in functions.items():
        environment = given["environment"]
        url = environment["FUNCTION_URL_TEMPLATE"].format(service=name)
        assert url == f"http://{name}:{environment['PORT']}"


def test_every_image_is_ours_or_pinned(services: dict[str, Any]) -> None:
    for name, given in services.items():
        image, _, tag = given["image"].partition(":")
        assert image in OUR_IMAGES or re.search(r"\d+\.\d+", tag), f"{name} runs {given['image']}"
        assert ("build" in given) == (image in OUR_IMAGES)


def test_qdrant_is_of_the_client_s_minor_version(services: dict[str, Any]) -> None:
    locked = re.search(
        r"^qdrant-client==(\d+\.\d+)\.", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )
    assert locked
    assert services["qdrant"]["image"].startswith(f"qdrant/qdrant:v{locked[1]}.")


def test_every_host_named_in_an_environment_is_a_service(services: dict[str, Any]) -> None:
    for name, given in services.items():
        hosts = SERVICE_IN_URL.findall(" ".join(map(str, given.get("environment", {}).values())))
        assert set(hosts) <= services.keys(), name


def test_every_emulator_listens_where_the_functions_look_for_it(
    services: dict[str, Any], functions: dict[str, Any]
) -> None:
    words = services["emulators"]["command"]
    ports = {word.rpartition("=")[2] for word in words if word.startswith("--port=")}
    environment = next(iter(functions.values()))["environment"]
    asked = re.findall(r"emulators:(\d+)", " ".join(map(str, environment.values())))
    assert asked
    assert set(asked) <= ports


def test_jobs_are_told_what_functions_are_told(
    services: dict[str, Any], functions: dict[str, Any]
) -> None:
    """Provisioning gives its own environment to the jobs that it creates."""
    told = services["provision"]["environment"].keys() - {"SITE"}
    assert told == FUNCTION_ENVIRONMENT - {"K_SERVICE", "FUNCTION_TARGET"}
    site = Site(**json.loads(services["provision"]["environment"]["SITE"]))
    assert site.job_environment is None
    assert site.jobs == next(iter(functions.values()))["environment"]["RUN_API_URL"]


def test_what_is_waited_for_exists_and_can_become_true(services: dict[str, Any]) -> None:
    for name, given in services.items():
        for other, wait in given.get("depends_on", {}).items():
            waits_for_health = wait["condition"] == "service_healthy"
            assert waits_for_health == ("healthcheck" in services[other]), f"{name} on {other}"


def test_functions_wait_for_their_tables_and_their_channels(functions: dict[str, Any]) -> None:
    for given in functions.values():
        assert {"migrate", "provision", "redis", "qdrant"} <= given["depends_on"].keys()


def test_every_port_is_published_to_this_machine_alone(services: dict[str, Any]) -> None:
    published = [port for given in services.values() for port in given.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_google_s_emulator_is_started_only_when_asked_for(services: dict[str, Any]) -> None:
    assert services["pubsub-conformance"]["profiles"] == ["conformance"]
    asked = [name for name, given in services.items() if given.get("profiles")]
    assert asked == ["pubsub-conformance"]


def test_every_module_that_a_container_runs_exists(services: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text() + (ROOT / "Dockerfile").read_text()
    modules = set(re.findall(r'(?:-m"?,? "?|- -m\n +- |python -m )([a-z][a-z._]+)', text))
    assert {"migrations", "emulators", "workflows.gateway"} <= modules
    for module in modules:
        spec = find_spec(module)
        assert spec, module
        if spec.submodule_search_locations:
            assert find_spec(f"{module}.__main__"), module


def test_the_emulators_know_every_option_they_are_given(services: dict[str, Any]) -> None:
    given = {word.partition("=")[0] for word in services["emulators"]["command"][3:]}
    known = subprocess.run(
        (sys.executable, "-m", "emulators", "--help"),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert [option for option in sorted(given) if option not in known] == []


def test_no_secret_is_written_into_a_file(services: dict[str, Any]) -> None:
    for name in ("ANTHROPIC_API_KEY", "NEXTAUTH_SECRET", "TOMBSTONE_KEY"):
        values = {str(given.get("environment", {}).get(name, "${")) for given in services.values()}
        assert all(value.startswith("${") for value in values), name
