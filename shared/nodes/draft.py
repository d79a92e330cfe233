"""A node as seeding writes it, with its vector and the digest of its evidence."""

from dataclasses import dataclass
from typing import Any

from shared.nodes.node import ActivityNode


@dataclass(frozen=True, slots=True)
class NodeDraft:
    """An activity node, where it comes from, and its 64 dimensions in one space."""

    node: ActivityNode
    source_ref: str
    vibe_embedding: tuple[float, ...]
    space_version: int

    def columns(self) -> tuple[Any, ...]:
        """Return the values of the `upsert_node` query, all but the time."""
        node = self.node
        return (
            node.id,
            node.city,
            self.source_ref,
            node.origin,
            node.name,
            node.category,
            node.cuisine,
            node.neighbourhood,
            node.position.lat,
            node.position.lon,
            node.opening_hours,
            node.hours_source,
            node.summary,
            list(node.vibe_tags),
            list(self.vibe_embedding),
            self.space_version,
            dict(node.quality_signals),
            node.cross_ref_confidence,
            node.source_tier,
        )
