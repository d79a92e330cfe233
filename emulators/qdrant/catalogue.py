"""Owns which collections and aliases exist, and keeps that in one file replaced whole."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from emulators.qdrant.collection import Collection
from emulators.qdrant.errors import collection_exists, no_collection, wrong_input
from emulators.qdrant.json_fields import Json

CATALOGUE_FILE = "catalogue.json"
LOCK_FILE = "lock"
SHARDS = "shards"


class DataFolderInUse(RuntimeError):
    """Another process owns the data folder."""


class Catalogue:
    """All collections, open, by name, and the aliases for them.

    A shard's folder has a random name, so that no collection name ever becomes a path. The file
    that maps names to folders is replaced whole: aliases switch at once or not at all, and a
    folder it does not mention (a crash while creating or deleting) is removed at the next start.
    """

    def __init__(self, data_dir: Path) -> None:
        self._dir = data_dir
        (data_dir / SHARDS).mkdir(parents=True, exist_ok=True)
        self._lock = _locked(data_dir / LOCK_FILE)
        self._folders: dict[str, str] = {}
        self._open: dict[str, Collection] = {}
        self.aliases: dict[str, str] = {}
        self._load()

    @property
    def names(self) -> list[str]:
        """The names of all collections."""
        return list(self._open)

    def has(self, name: str) -> bool:
        """Whether a collection or an alias has that name."""
        return name in self._open or name in self.aliases

    def collection(self, name: str) -> Collection:
        """The collection of that name or alias. Raises QdrantError 404."""
        found = self._open.get(self.aliases.get(name, name))
        if found is None:
            raise no_collection(name)
        return found

    def create(self, name: str, config: Json) -> None:
        """Adds an empty collection. Raises QdrantError 409 where the name is taken, 400, 422."""
        if name in self._open:
            raise collection_exists(name)
        if name in self.aliases:
            raise wrong_input(
                f"Can't create collection with name {name}. Alias with the same name already exists"
            )
        folder = uuid4().hex
        self._open[name] = Collection.create(self._dir / SHARDS / folder, config)
        self._folders[name] = folder
        self.save()

    def delete(self, name: str) -> bool:
        """Removes a collection and its aliases; False where there is none."""
        collection = self._open.pop(name, None)
        if collection is None:
            return False
        folder = self._folders.pop(name)
        self.aliases = {alias: of for alias, of in self.aliases.items() if of != name}
        self.save()
        collection.discard()
        shutil.rmtree(self._dir / SHARDS / folder)
        return True

    def replace_aliases(self, aliases: dict[str, str]) -> None:
        """Makes `aliases` the aliases, all at once."""
        self.aliases = aliases
        self.save()

    def clear(self) -> None:
        """Removes every collection."""
        for name in self.names:
            self.delete(name)

    def close(self) -> None:
        """Flushes every collection and gives the data folder free."""
        for collection in self._open.values():
            collection.close()
        os.close(self._lock)

    def save(self) -> None:
        """Writes names, configurations and aliases to disk."""
        collections = {
            name: {
                "folder": self._folders[name],
                "config": c.config,
                "indexes": c.indexes,
            }
            for name, c in self._open.items()
        }
        _replace(
            self._dir / CATALOGUE_FILE,
            orjson.dumps({"collections": collections, "aliases": self.aliases}),
        )

    def _load(self) -> None:
        saved = _read(self._dir / CATALOGUE_FILE)
        self.aliases = saved["aliases"]
        for name, entry in saved["collections"].items():
            path = self._dir / SHARDS / entry["folder"]
            self._open[name] = Collection.load(path, entry["config"], entry["indexes"])
            self._folders[name] = entry["folder"]
        for path in (self._dir / SHARDS).iterdir():
            if path.name not in self._folders.values():
                shutil.rmtree(path)


def _locked(path: Path) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise DataFolderInUse(f"{path.parent} belongs to another running process.") from error
    return lock


def _read(path: Path) -> Any:
    try:
        return orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return {"collections": {}, "aliases": {}}


def _replace(path: Path, content: bytes) -> None:
    written = path.with_suffix(".new")
    written.write_bytes(content)
    written.replace(path)
