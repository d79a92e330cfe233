"""Owns what of Pub/Sub survives a killed process: topics, subscriptions and their backlog."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from emulators.pubsub.messages import PubsubMessage, Subscription, Topic
from emulators.skeleton.store import Store

IDS_PER_START = 10**12


class Ledger:
    """The durable side; callers await `commit` before they answer."""

    def __init__(self, path: Path) -> None:
        schema = Path(__file__).with_name("schema.sql").read_text()
        self._store = Store(path, schema)
        self.commit = self._store.commit
        self.commit_soon = self._store.commit_soon
        self.close = self._store.close

    def first_id(self) -> int:
        """A message id that no earlier start has given out."""
        starts = self._store.rows("SELECT count FROM starts")
        self._store.execute("DELETE FROM starts")
        count = starts[0][0] + 1 if starts else 1
        self._store.execute("INSERT INTO starts VALUES (?)", (count,))
        return int(count * IDS_PER_START)

    def topics(self) -> list[Any]:
        """All topics."""
        return [Topic.FromString(blob) for (blob,) in self._store.rows("SELECT topic FROM topics")]

    def save_topic(self, topic: Any) -> None:
        """Inserts or replaces."""
        sql = "INSERT OR REPLACE INTO topics VALUES (?, ?)"
        self._store.execute(sql, (topic.name, topic.SerializeToString()))

    def remove_topic(self, name: str) -> None:
        """Leaves its subscriptions."""
        self._store.execute("DELETE FROM topics WHERE name = ?", (name,))

    def subscriptions(self) -> list[tuple[int, Any]]:
        """(id, subscription) of all."""
        rows = self._store.rows("SELECT id, subscription FROM subscriptions")
        return [(id, Subscription.FromString(blob)) for id, blob in rows]

    def add_subscription(self, subscription: Any) -> int:
        """The id of the new row; ids are never used twice."""
        sql = "INSERT INTO subscriptions (name, subscription) VALUES (?, ?)"
        row = self._store.execute(sql, (subscription.name, subscription.SerializeToString()))
        assert row.lastrowid is not None
        return row.lastrowid

    def save_subscription(self, id: int, subscription: Any) -> None:
        """Replaces its options."""
        sql = "UPDATE subscriptions SET subscription = ? WHERE id = ?"
        self._store.execute(sql, (subscription.SerializeToString(), id))

    def remove_subscription(self, id: int) -> None:
        """With its backlog."""
        self._store.execute("DELETE FROM subscriptions WHERE id = ?", (id,))
        self._store.execute("DELETE FROM backlog WHERE subscription_id = ?", (id,))

    def backlog(self, subscription_id: int) -> Iterator[tuple[int, Any]]:
        """(id, message) still to be delivered, oldest first."""
        sql = (
            "SELECT message_id, message FROM backlog WHERE subscription_id = ? ORDER BY message_id"
        )
        for id, blob in self._store.rows(sql, (subscription_id,)):
            yield id, PubsubMessage.FromString(blob)

    def add_message(self, subscription_id: int, message_id: int, message: bytes) -> None:
        """One more message to deliver; `message` is a serialised PubsubMessage."""
        sql = "INSERT INTO backlog VALUES (?, ?, ?)"
        self._store.execute(sql, (subscription_id, message_id, message))

    def remove_message(self, subscription_id: int, message_id: int) -> None:
        """One message fewer: acknowledged, expired or dead-lettered."""
        sql = "DELETE FROM backlog WHERE subscription_id = ? AND message_id = ?"
        self._store.execute(sql, (subscription_id, message_id))

    def clear(self) -> None:
        """Removes everything but the count of starts."""
        self._store.execute("DELETE FROM topics")
        self._store.execute("DELETE FROM subscriptions")
        self._store.execute("DELETE FROM backlog")
