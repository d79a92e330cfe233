"""Owns push delivery: how many requests are out at once, and what an answer means.

https://cloud.google.com/pubsub/docs/push
"""

import asyncio
from collections.abc import Mapping

import aiohttp

from emulators.pubsub.backlog import Delivery
from emulators.pubsub.envelope import push_body
from emulators.pubsub.subscription import Subscription
from emulators.skeleton.alarm import Alarm
from emulators.skeleton.faults import Faults
from emulators.skeleton.identity import Identity

ACKNOWLEDGED = frozenset({102, 200, 201, 202, 204})
MAX_WINDOW = 100
DUPLICATE = "duplicate_next"
# Under the five seconds after which uvicorn, and so Functions Framework, hangs up: a request sent
# on a connection that is being closed would count as a failed delivery.
KEEP_ALIVE_S = 3
PAUSE_MIN_S = 0.1
PAUSE_MAX_S = 60.0


def push_client() -> aiohttp.ClientSession:
    """The HTTP client that all push subscriptions share: keep-alive, no cookies, no redirects."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(),  # none: the ack deadline runs on the stack's clock
        headers={"User-Agent": "CloudPubSub-Google", "From": "noreply@google.com"},
    )


class Pusher:
    """Pushes one subscription's messages.

    The window of outstanding requests starts at one, doubles with each success and halves with
    each failure. Without a retry policy a failure also pauses the whole subscription, for 0.1 s
    doubling to 60 s (Pub/Sub's push backoff); with one, the failed message alone waits.
    """

    def __init__(
        self,
        subscription: Subscription,
        client: aiohttp.ClientSession,
        identity: Identity,
        faults: Faults,
    ) -> None:
        self._subscription = subscription
        self._client = client
        self._identity = identity
        self._faults = faults
        self._window = 1
        self._outstanding: dict[Delivery, asyncio.Task[None]] = {}
        self._failures_in_a_row = 0
        self._paused_until = 0.0
        self._alarm = Alarm(subscription.clock, self.wake)

    @property
    def outstanding(self) -> int:
        """How many requests wait for their answer."""
        return len(self._outstanding)

    def wake(self) -> None:
        """Sends as many ready messages as the window allows."""
        if self._paused_until > self._subscription.clock.now():
            self._alarm.set(self._paused_until)
            return
        while len(self._outstanding) < self._window:
            delivery = self._subscription.take()
            if delivery is None:
                return
            self._outstanding[delivery] = asyncio.create_task(self._deliver(delivery))
            delivery.let_go = self._deadline_passed
            self._subscription.lease(delivery, self._subscription.options.ack_deadline_seconds)

    def stop(self) -> None:
        """Breaks off what is outstanding; it stays in the backlog."""
        self._alarm.set(None)
        outstanding, self._outstanding = self._outstanding, {}
        for delivery, task in outstanding.items():
            task.cancel()
            self._subscription.give_back(delivery)

    async def _deliver(self, delivery: Delivery) -> None:
        acknowledged = await self._post(delivery)
        if acknowledged and self._faults.take(DUPLICATE):
            await self._post(delivery)
        self._outstanding.pop(delivery, None)
        if acknowledged:
            self._succeeded(delivery)
        else:
            self._failed(delivery)
        self._subscription.wake()

    def _succeeded(self, delivery: Delivery) -> None:
        self._window = min(2 * self._window, MAX_WINDOW)
        self._failures_in_a_row = 0
        self._subscription.ack(delivery)

    def _failed(self, delivery: Delivery) -> None:
        self._slow_down()
        self._subscription.nack(delivery)

    def _deadline_passed(self, delivery: Delivery) -> None:
        # Also called once a delivery is answered; it is outstanding no more by then.
        if task := self._outstanding.pop(delivery, None):
            task.cancel()
            self._slow_down()

    def _slow_down(self) -> None:
        self._window = max(self._window // 2, 1)
        if self._subscription.options.HasField("retry_policy"):
            return
        pause = min(PAUSE_MIN_S * 2 ** min(self._failures_in_a_row, 20), PAUSE_MAX_S)
        self._failures_in_a_row += 1
        self._paused_until = self._subscription.clock.now() + pause

    async def _post(self, delivery: Delivery) -> bool:
        subscription = self._subscription
        body = push_body(delivery.message, subscription.name, subscription.attempt(delivery))
        try:
            async with self._client.post(
                subscription.options.push_config.push_endpoint,
                data=body,
                headers=self._headers(),
                allow_redirects=False,
            ) as response:
                return response.status in ACKNOWLEDGED
        except (aiohttp.ClientError, OSError, ValueError):
            return False

    def _headers(self) -> Mapping[str, str]:
        headers = {"Content-Type": "application/json"}
        push = self._subscription.options.push_config
        if push.HasField("oidc_token") and push.oidc_token.service_account_email:
            audience = push.oidc_token.audience or push.push_endpoint
            email = push.oidc_token.service_account_email
            headers["Authorization"] = f"Bearer {self._identity.sign_id_token(email, audience)}"
        return headers
