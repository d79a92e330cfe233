"""The refusals of Pub/Sub, in the real service's words where those are on record.

RpcError
├── ResourceMissing     NOT_FOUND
├── ResourceExists      ALREADY_EXISTS
├── ArgumentInvalid     INVALID_ARGUMENT
├── WrongKind           FAILED_PRECONDITION: pull calls on a push subscription
└── OptionUnsupported   UNIMPLEMENTED: a field that this emulator would otherwise ignore
"""

from grpc import StatusCode

from emulators.skeleton.grpc_server import RpcError


class ResourceMissing(RpcError):
    """No such topic or subscription."""

    def __init__(self, name: str) -> None:
        leaf = name.rpartition("/")[2]
        super().__init__(StatusCode.NOT_FOUND, f"Resource not found (resource={leaf}).")


class ResourceExists(RpcError):
    """The name of the topic or subscription is taken."""

    def __init__(self, name: str) -> None:
        text = f"Resource already exists in the project (resource={name.rpartition('/')[2]})."
        super().__init__(StatusCode.ALREADY_EXISTS, text)


class ArgumentInvalid(RpcError):
    """A value that the service refuses."""

    def __init__(self, text: str) -> None:
        super().__init__(StatusCode.INVALID_ARGUMENT, text)


class WrongKind(RpcError):
    """A pull call on a subscription that pushes."""

    def __init__(self) -> None:
        text = "This method is not supported for this subscription type."
        super().__init__(StatusCode.FAILED_PRECONDITION, text)


class OptionUnsupported(RpcError):
    """A field that the emulator does not carry out."""

    def __init__(self, field: str) -> None:
        super().__init__(StatusCode.UNIMPLEMENTED, f"The emulator does not support {field}.")
