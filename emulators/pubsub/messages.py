"""Owns the raw protobuf classes of google.pubsub.v1 that the emulator reads and writes."""

from pathlib import Path
from typing import Any

from emulators.skeleton.protos import Protos

_PROTOS = Protos(Path(__file__).with_name("pubsub.binpb"))


def _message(name: str) -> Any:
    return _PROTOS.message(f"google.pubsub.v1.{name}")


Empty = _PROTOS.message("google.protobuf.Empty")

PubsubMessage = _message("PubsubMessage")
Topic = _message("Topic")
GetTopicRequest = _message("GetTopicRequest")
UpdateTopicRequest = _message("UpdateTopicRequest")
DeleteTopicRequest = _message("DeleteTopicRequest")
ListTopicsRequest = _message("ListTopicsRequest")
ListTopicsResponse = _message("ListTopicsResponse")
ListTopicSubscriptionsRequest = _message("ListTopicSubscriptionsRequest")
ListTopicSubscriptionsResponse = _message("ListTopicSubscriptionsResponse")
PublishRequest = _message("PublishRequest")
PublishResponse = _message("PublishResponse")

Subscription = _message("Subscription")
GetSubscriptionRequest = _message("GetSubscriptionRequest")
UpdateSubscriptionRequest = _message("UpdateSubscriptionRequest")
DeleteSubscriptionRequest = _message("DeleteSubscriptionRequest")
ListSubscriptionsRequest = _message("ListSubscriptionsRequest")
ListSubscriptionsResponse = _message("ListSubscriptionsResponse")
ModifyPushConfigRequest = _message("ModifyPushConfigRequest")

ReceivedMessage = _message("ReceivedMessage")
PullRequest = _message("PullRequest")
PullResponse = _message("PullResponse")
StreamingPullRequest = _message("StreamingPullRequest")
StreamingPullResponse = _message("StreamingPullResponse")
AcknowledgeRequest = _message("AcknowledgeRequest")
ModifyAckDeadlineRequest = _message("ModifyAckDeadlineRequest")
