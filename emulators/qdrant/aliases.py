"""Owns changing aliases: all actions of one request together, or none."""

from typing import Any

from emulators.qdrant.catalogue import Catalogue
from emulators.qdrant.errors import (
    bad_format,
    collection_exists,
    no_collection,
    not_found,
)
from emulators.qdrant.json_fields import an_object
from emulators.qdrant.names import valid_name


def changed(catalogue: Catalogue, actions: list[Any]) -> dict[str, str]:
    """The aliases after `actions`, in their order; the catalogue itself stays as it is.

    Raises QdrantError: 404 for an unknown collection or alias, 409 for a collection's name.
    """
    aliases = dict(catalogue.aliases)
    for action in actions:
        _apply(catalogue, aliases, an_object(action))
    return aliases


def _apply(catalogue: Catalogue, aliases: dict[str, str], action: dict[str, Any]) -> None:
    match action:
        case {"create_alias": {"collection_name": str(name), "alias_name": str(alias)}}:
            if name not in catalogue.names:
                raise no_collection(name)
            if alias in catalogue.names:
                raise collection_exists(alias)
            aliases[valid_name(alias)] = name
        case {"delete_alias": {"alias_name": str(alias)}}:
            aliases.pop(alias, None)
        case {"rename_alias": {"old_alias_name": str(old), "new_alias_name": str(new)}}:
            if old not in aliases:
                raise not_found(f"Alias {old} does not exists!")
            if new in catalogue.names:
                raise collection_exists(new)
            aliases[valid_name(new)] = aliases.pop(old)
        case _:
            raise bad_format("data did not match any variant of untagged enum AliasOperations")
