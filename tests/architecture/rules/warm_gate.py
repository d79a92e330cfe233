"""Only the gate makes a warm party, only the database counts choices, and no model takes less.

The type checker is the first to hold this; these rules see that nothing overrules it.
"""

import ast
from collections.abc import Iterator

from tests.architecture.house import House, Module

GATE = "shared.personas.gate"
STORE = "shared.personas.postgres"
PARTY = "WarmParty"
RANKER = "MlRanker"


def only_the_gate_makes_a_warm_party(house: House) -> Iterator[str]:
    """Outside of gate.py the name stands in imports, under itself, and in annotations alone."""
    for module in house.within("functions", "shared"):
        if module.name == GATE:
            continue
        for node in _outside_annotations(module.tree):
            renamed = isinstance(node, ast.alias) and node.name == PARTY and node.asname
            if renamed or _names(node, PARTY):
                yield (
                    f"{module.path}:{node.lineno} uses {PARTY} beyond an annotation: "
                    "admit(travellers) alone makes one."
                )


def ml_rankers_rank_warm_parties(house: House) -> Iterator[str]:
    """What is annotated MlRanker ranks for a party that is annotated WarmParty, or admitted."""
    for module in house.within("functions", "shared"):
        rankers = _annotated(module, RANKER)
        parties = _annotated(module, PARTY) | _admitted(module)
        for call in _calls(module.tree):
            if not (isinstance(call.func, ast.Attribute) and call.func.attr == "rank"):
                continue
            if _last_name(call.func.value) in rankers and not _is_party(call, parties):
                yield (
                    f"{module.path}:{call.lineno} calls an {RANKER} with something else than a "
                    f"{PARTY}: admit the travellers first."
                )
        yield from _loose_rankers(module)


def nothing_overrules_the_gates_types(house: House) -> Iterator[str]:
    """A module that knows warm parties or their rankers casts nothing and ignores no type error."""
    for module in house.within("functions", "shared"):
        words = {word for node in ast.walk(module.tree) for word in _words(node)}
        if not words & {PARTY, RANKER}:
            continue
        for call in _calls(module.tree):
            if _last_name(call.func) == "cast":
                yield f"{module.path}:{call.lineno} casts beside {PARTY}: let the types speak."
        lines = (house.root / module.path).read_text("utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            if "# type: ignore" in line:
                yield f"{module.path}:{number} ignores a type beside {PARTY}: let the types speak."


def choices_are_counted_by_the_database(house: House) -> Iterator[str]:
    """A traveller is built by their driver alone, and nobody else sets a choice count."""
    for module in house.within("functions", "shared"):
        if module.name == STORE:
            continue
        for call in _calls(module.tree):
            sets = any(keyword.arg == "choice_count" for keyword in call.keywords)
            if sets or _last_name(call.func) == "Traveller":
                yield (
                    f"{module.path}:{call.lineno} makes up a choice count: "
                    f"only {STORE} reads a Traveller."
                )


def _loose_rankers(module: Module) -> Iterator[str]:
    """The port itself, and each class that names it as its base, takes a WarmParty first."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ClassDef):
            continue
        if node.name != RANKER and RANKER not in {_last_name(base) for base in node.bases}:
            continue
        for method in node.body:
            named = isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
            if named and method.name == "rank" and not _takes_a_party(method):
                yield (
                    f"{module.path}:{method.lineno} lets {node.name} rank something else than a "
                    f"{PARTY}."
                )


def _takes_a_party(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = [*method.args.posonlyargs, *method.args.args][1:2]
    return any(
        argument.annotation and _last_name(argument.annotation) == PARTY for argument in given
    )


def _annotated(module: Module, kind: str) -> set[str]:
    """The names of arguments, variables and fields that are annotated with exactly `kind`."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.arg) and node.annotation and _last_name(node.annotation) == kind:
            found.add(node.arg)
        if isinstance(node, ast.AnnAssign) and _last_name(node.annotation) == kind:
            found.add(_last_name(node.target))
    return found


def _admitted(module: Module) -> set[str]:
    return {
        _last_name(target)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign) and _is_admission(node.value)
        for target in node.targets
    }


def _is_party(call: ast.Call, parties: set[str]) -> bool:
    given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "party")]
    return len(given) == 1 and (_is_admission(given[0]) or _last_name(given[0]) in parties)


def _is_admission(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _last_name(node.func) == "admit"


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _names(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name | ast.Attribute | ast.Constant) and name in _words(node)


def _words(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        return (node.attr,)
    if isinstance(node, ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.alias):
        return (node.name,)
    return (node.value,) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ()


def _last_name(node: ast.expr) -> str:
    """`ports.ranker` and `ranker` are both `ranker`; a quoted annotation is its text."""
    return (*_words(node), "")[0]


def _outside_annotations(tree: ast.Module) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for name, value in ast.iter_fields(node):
            if name not in ("annotation", "returns"):
                waiting += [one for one in _listed(value) if isinstance(one, ast.AST)]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
