"""Writes the descriptor file of an emulator from the types of the official client.

python -m emulators.skeleton.descriptors google.pubsub_v1.types emulators/pubsub/pubsub.binpb
"""

import importlib
import sys
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, empty_pb2


def descriptor_set(types_module: str) -> bytes:
    """The serialised FileDescriptorSet of all messages in a proto-plus types package.

    Dependencies come before what needs them; google/protobuf/empty.proto is always in it, since
    services answer with it.
    """
    module = importlib.import_module(types_module)
    files: dict[str, Any] = {}
    _collect(empty_pb2.DESCRIPTOR, files)
    for name in sorted(vars(module)):
        kind = getattr(module, name)
        if isinstance(kind, type) and hasattr(kind, "pb"):
            _collect(kind.pb(kind()).DESCRIPTOR.file, files)
    described = descriptor_pb2.FileDescriptorSet()
    for file in files.values():
        file.CopyToProto(described.file.add())
    serialized: bytes = described.SerializeToString(deterministic=True)
    return serialized


def _collect(file: Any, files: dict[str, Any]) -> None:
    if file.name in files:
        return
    for dependency in file.dependencies:
        _collect(dependency, files)
    files[file.name] = file


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(descriptor_set(sys.argv[1]))
