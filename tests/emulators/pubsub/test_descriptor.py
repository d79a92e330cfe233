"""The wire format is the official client's."""

from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from emulators import pubsub
from emulators.skeleton.descriptors import descriptor_set


def test_the_descriptor_file_is_that_of_the_installed_client() -> None:
    kept = Path(pubsub.__file__).with_name("pubsub.binpb").read_bytes()
    installed = descriptor_set("google.pubsub_v1.types")
    assert FileDescriptorSet.FromString(kept) == FileDescriptorSet.FromString(installed)
