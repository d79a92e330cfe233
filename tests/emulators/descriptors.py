"""Compares an emulator's descriptor file with the types of the installed official client."""

from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from emulators.skeleton.descriptors import descriptor_set


def kept_files(path: Path) -> dict[str, FileDescriptorProto]:
    """The files of a `.binpb`, by name."""
    return _files(path.read_bytes())


def installed_files(types_module: str) -> dict[str, FileDescriptorProto]:
    """The files of the installed client's types, by name."""
    return _files(descriptor_set(types_module))


def _files(blob: bytes) -> dict[str, FileDescriptorProto]:
    files = FileDescriptorSet.FromString(blob).file
    for file in files:
        file.dependency.sort()  # proto-plus lists a file's imports in no fixed order
    return {file.name: file for file in files}
