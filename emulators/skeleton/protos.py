"""Owns raw protobuf classes made from a descriptor file, apart from any client in the process."""

from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


class Protos:
    """The message classes of one `.binpb` file (a FileDescriptorSet; see descriptors.py).

    The pool is private, so that the official client, which registers the same names, can live in
    the same process (as it does in tests).
    """

    def __init__(self, path: Path) -> None:
        self._pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes()).file:
            self._pool.Add(file)

    def message(self, name: str) -> Any:
        """The class of the message with the full name `name`, e.g. google.pubsub.v1.Topic."""
        return message_factory.GetMessageClass(self._pool.FindMessageTypeByName(name))
