"""Claims and stored answers in memory; it passes the contract test of the real table."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.forgetting.tombstone import PersonForgotten
from shared.idempotency.claim import Claim, RequestInProgress, Standing, StoredAnswer, judge

Name = tuple[str, str, str]


class MemoryKeys:
    def __init__(self) -> None:
        self.standing: dict[Name, Standing] = {}
        self.gone: set[str] = set()

    async def take(self, claim: Claim, at: datetime, hold: timedelta) -> StoredAnswer | None:
        if claim.user_id in self.gone:
            raise PersonForgotten
        standing = self.standing.get(_name(claim))
        if standing is None or self._may_take_over(claim, standing, at):
            standing = Standing(claim.request_sha256, claim.attempt, at + hold, None)
            self.standing[_name(claim)] = standing
        return judge(claim, standing)

    async def store(self, claim: Claim, answer: StoredAnswer) -> None:
        standing = self.standing.get(_name(claim))
        if not self._is_held(claim, standing):
            raise RequestInProgress(claim.key)
        assert standing is not None
        self.standing[_name(claim)] = replace(standing, answer=answer)

    async def release(self, claim: Claim) -> None:
        if self._is_held(claim, self.standing.get(_name(claim))):
            del self.standing[_name(claim)]

    def _may_take_over(self, claim: Claim, standing: Standing, at: datetime) -> bool:
        return (
            standing.answer is None
            and standing.locked_until < at
            and standing.request_sha256 == claim.request_sha256
        )

    def _is_held(self, claim: Claim, standing: Standing | None) -> bool:
        return (
            standing is not None and standing.attempt == claim.attempt and standing.answer is None
        )


def _name(claim: Claim) -> Name:
    return claim.user_id, claim.route, claim.key
