"""Operations and pure files decide; they know no trigger and no transport."""

from collections.abc import Iterator

from tests.architecture.house import House

TRANSPORT = ("starlette", "functions_framework", "flask", "httpx", "requests", "grpc", "google")


def operations_know_no_trigger(house: House) -> Iterator[str]:
    """operation.py imports no web framework and no client of a network."""
    for module in house.within("functions"):
        if not module.name.endswith(".operation"):
            continue
        for found in module.imports:
            if found.target.split(".")[0] in TRANSPORT:
                yield f"{module.path}:{found.line} imports {found.target}: that is main.py's part."
