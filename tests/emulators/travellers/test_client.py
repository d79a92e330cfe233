"""The app's patience: the same request again for 503, an end for a refusal."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from emulators.travellers.client import TRIES, Api, Receipt
from emulators.travellers.errors import AnswerUnreadable, CallRefused, NoAnswer
from emulators.travellers.session import Frontend
from tests.emulators.travellers.app import GATEWAY, SECRET, a_trip

NOTHING: dict[str, list[str]] = {"accepted": [], "refused": []}
Answers = Iterator[httpx.Response | Exception]


class Line:
    """A line to an API that gives these answers, one after the other."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers: Answers = iter(answers)
        self.heard: list[tuple[bytes, str | None]] = []
        self.slept: list[float] = []

    def api(self) -> Api:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer), base_url=GATEWAY)
        return Api(http, Frontend(SECRET), lambda: 1_800_000_000.0, self._sleep)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.heard.append((request.content, request.headers.get("Idempotency-Key")))
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.mark.parametrize(
    "fault",
    [
        lambda: httpx.Response(503, headers={"Retry-After": "2"}),
        lambda: httpx.Response(502),
        lambda: httpx.Response(504),
        lambda: httpx.ReadError("cut"),
    ],
)
async def test_the_same_request_is_sent_again_after_a_fault(
    fault: Callable[[], httpx.Response | Exception],
) -> None:
    planned = a_trip("x")
    line = Line(fault(), fault(), httpx.Response(201, json=planned))
    api = line.api()
    assert (await api.plan("simulated-7-0", {"days": 3}, "a-key")).id == planned["id"]
    assert line.heard == [(b'{"days":3}', "a-key")] * 3
    assert api.again == {"POST /api/v1/trips": 2}


async def test_retry_after_is_kept_to() -> None:
    later = httpx.Response(503, headers={"Retry-After": "3"})
    line = Line(later, httpx.Response(202, json=NOTHING))
    await line.api().post("simulated-7-0", {"signals": []})
    assert line.slept == [3.0]


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 500])
async def test_a_refusal_ends_the_run_with_its_text(status: int) -> None:
    line = Line(httpx.Response(status, text='{"detail": "days must be 1 to 30"}'))
    with pytest.raises(CallRefused, match=rf"{status}: .*days must be 1 to 30"):
        await line.api().plan("simulated-7-0", {"days": 31}, "a-key")


async def test_a_key_still_at_work_is_waited_for_after_a_try_of_our_own() -> None:
    planned = httpx.Response(201, json=a_trip("x"))
    line = Line(httpx.ReadTimeout("slow"), httpx.Response(409), planned)
    await line.api().plan("simulated-7-0", {"days": 3}, "a-key")
    assert len(line.heard) == 3


async def test_patience_ends() -> None:
    line = Line(*(httpx.Response(503, text="later") for _ in range(TRIES)))
    with pytest.raises(NoAnswer, match="tried 8 times; the last: 503 later"):
        await line.api().look("simulated-7-0", "a-trip")


@pytest.mark.parametrize("said", ['{"days": []}', "[]", "<html>", '{"days": [{}], "id": "x"}'])
async def test_an_answer_that_is_no_trip_is_named(said: str) -> None:
    line = Line(httpx.Response(200, text=said))
    with pytest.raises(AnswerUnreadable, match=r"/api/v1/trips/a-trip by simulated-7-0 was answ"):
        await line.api().look("simulated-7-0", "a-trip")


async def test_a_receipt_tells_taken_from_refused() -> None:
    refusal = {"index": 1, "signal_id": "b", "title": "Signal too old", "detail": "too old"}
    answer = {"accepted": ["a", "c"], "refused": [refusal]}
    receipt = await Line(httpx.Response(202, json=answer)).api().post("simulated-7-0", {})
    assert receipt == Receipt(2, (("Signal too old", "too old"),))
