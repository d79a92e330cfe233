"""Owns which topics can be made and changed, and how."""

from typing import Any

from emulators.pubsub.bounds import DAY, MINUTE, check_between
from emulators.pubsub.errors import ArgumentInvalid, OptionUnsupported
from emulators.pubsub.messages import Topic
from emulators.pubsub.names import check_name

_UNSUPPORTED = (
    "message_storage_policy",
    "schema_settings",
    "ingestion_data_source_settings",
)
_MUTABLE = ("labels", "message_retention_duration")


def checked(topic: Any) -> Any:
    """The topic as stored. Raises ArgumentInvalid or OptionUnsupported."""
    check_name("topics", topic.name)
    for field in _UNSUPPORTED:
        if topic.HasField(field):
            raise OptionUnsupported(f"topic.{field}")
    for field in ("kms_key_name", "message_transforms", "tags"):
        if getattr(topic, field):
            raise OptionUnsupported(f"topic.{field}")
    if topic.HasField("message_retention_duration"):
        retention = topic.message_retention_duration
        check_between("message retention duration", retention, 10 * MINUTE, 31 * DAY)
    topic.state = Topic.ACTIVE
    return topic


def updated(current: Any, changes: Any, mask: Any) -> Any:
    """`current` with the fields of `mask` taken from `changes`."""
    check_mask("Topic", Topic, mask, _MUTABLE)
    result = Topic()
    result.CopyFrom(current)
    mask.MergeMessage(changes, result, True, True)
    return checked(result)


def check_mask(kind: str, message: Any, mask: Any, mutable: tuple[str, ...]) -> None:
    """Refuses an update_mask that is empty or names what cannot change."""
    request = f"Update{kind}Request"
    if not mask.paths:
        raise ArgumentInvalid(
            f"The update_mask in the {request} must be set, "
            "and must contain a non-empty paths list."
        )
    for path in mask.paths:
        field = path.partition(".")[0]
        if field not in message.DESCRIPTOR.fields_by_name:
            raise ArgumentInvalid(
                f"Invalid update_mask provided in the {request}: '{path}' is not a known {kind} "
                "field. Note that field paths must be of the form 'push_config' rather than "
                "'pushConfig'."
            )
        if field not in mutable:
            raise ArgumentInvalid(
                f"Invalid update_mask provided in the {request}: the '{path}' field in the {kind} "
                "is not mutable."
            )
