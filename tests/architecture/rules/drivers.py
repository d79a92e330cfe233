"""Driver files are the only ones that talk to a technology, and main.py alone joins them."""

from collections.abc import Iterator

from tests.architecture.house import House

# Vendor's package -> the driver files that may import it.
DRIVERS_OF_VENDOR = {
    "asyncpg": {"postgres"},
    "redis": {"redis"},
    "qdrant_client": {"qdrant"},
    "anthropic": {"anthropic"},
    "onnxruntime": {"onnx"},
    "tokenizers": {"onnx"},
    "google.cloud.storage": {"gcs"},
    "pyarrow": {"parquet"},
    "google.cloud.pubsub_v1": {"pubsub"},
    "google.pubsub_v1": {"pubsub"},
    "google.cloud.tasks_v2": {"tasks"},
}
# Domains whose drivers every driver may use: the pool, and the lock against a person's leaving,
# which each transaction that writes about people takes.
UNDER_EVERY_DRIVER = {"runtime", "forgetting"}


def only_main_joins_drivers(house: House) -> Iterator[str]:
    """main.py imports drivers, and so may a command that nobody imports; drivers use two's."""
    imported = {found.target for module in house.modules.values() for found in module.imports}
    for module in house.within("functions", "shared"):
        if module.is_main or (module.is_command and module.name not in imported):
            continue
        for found in module.imports:
            driver = house.modules.get(found.target)
            if driver is None or not driver.is_driver:
                continue
            if module.is_driver and driver.domain in UNDER_EVERY_DRIVER:
                continue
            yield (
                f"{module.path}:{found.line} imports the driver {driver.name}: "
                "only a function's main.py joins drivers."
            )


def drivers_add_no_dependency(house: House) -> Iterator[str]:
    """A driver knows runtime, forgetting, its own domain, and what its domain's decisions know."""
    for module in house.within("shared"):
        if not module.is_driver:
            continue
        allowed = {module.domain, *UNDER_EVERY_DRIVER, *_known_to_decisions(house, module.domain)}
        for found in module.imports:
            target = house.modules.get(found.target)
            if target is not None and target.domain and target.domain not in allowed:
                yield (
                    f"{module.path}:{found.line} imports {target.name}, of a domain that no pure "
                    f"file of shared/{module.domain} knows."
                )


def vendors_stay_in_drivers(house: House) -> Iterator[str]:
    """A technology's client library is imported by its driver files alone."""
    for module in house.within("functions", "shared"):
        stem = module.name.rpartition(".")[2] if module.is_driver else ""
        for found in module.imports:
            for vendor, drivers in DRIVERS_OF_VENDOR.items():
                if f"{found.target}.".startswith(f"{vendor}.") and stem not in drivers:
                    yield (
                        f"{module.path}:{found.line} imports {vendor}: only a driver file named "
                        f"{' or '.join(sorted(drivers))}.py does."
                    )


def _known_to_decisions(house: House, domain: str) -> set[str]:
    return {
        house.modules[found.target].domain
        for module in house.within("shared")
        if module.domain == domain and not module.is_driver
        for found in module.imports
        if found.target in house.modules
    }
