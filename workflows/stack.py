"""A handle on a stack in its own process: for tests, the demo, the benchmarks and the commands."""

import asyncio
import signal
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from workflows.errors import StackError
from workflows.jobs import StackJobs
from workflows.local import state_file
from workflows.local.launch import Launched, launch
from workflows.local.tokens import make_admin, session_token, stack_now
from workflows.manifest import ROOT
from workflows.runner.addresses import CONTROL, INVOKER, KEY_HEADER, Addresses
from workflows.runner.data_folder import DataFolder

STOP_S = 30.0
RUN_API_S = 120.0  # beyond the minute that one :wait may take
# The stack speaks no TLS, and reading the system's certificates costs 15 ms a client.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_MANY = httpx.Limits(max_connections=None, max_keepalive_connections=100)


class Refused(StackError):
    """The stack did not do what it was asked to do."""


class StackFunctions:
    """The functions' processes of a running stack."""

    def __init__(self, stack: "Stack") -> None:
        self._stack = stack

    async def start(self, name: str) -> dict[str, Any]:
        """Starts the process, if it does not run, and returns its state once it answers."""
        return await self._stack.control("POST", f"functions/{name}/start")

    async def stop(self, name: str) -> dict[str, Any]:
        """Lets the process finish its calls and end; the next call starts another."""
        return await self._stack.control("POST", f"functions/{name}/stop")

    async def kill(self, name: str) -> dict[str, Any]:
        """Kills the process outright."""
        return await self._stack.control("POST", f"functions/{name}/kill")

    async def state(self, name: str) -> dict[str, Any]:
        """{state, pid, port, starts, log}; raises KeyError."""
        facts: dict[str, Any] = (await self._stack.status())["functions"][name]
        return facts


class StackEmulator:
    """An emulator's /_emulator routes."""

    def __init__(self, stack: "Stack", url: str) -> None:
        self._stack = stack
        self.url = url

    async def state(self) -> dict[str, Any]:
        """How often each call came, the latest with what, faults left, its own facts."""
        return await self._ask("GET", "state")

    async def reset(self) -> None:
        """Empties it: state, call log and faults."""
        await self._ask("POST", "reset")

    async def faults(self, **faults: Any) -> None:
        """Plants faults, e.g. fail_next=2, status=503, match="Publish"; none clears them."""
        await self._ask("POST", "faults", faults)

    async def advance(self, seconds: float) -> None:
        """Moves the stack's one clock on."""
        await self._ask("POST", "clock", {"advance_s": seconds})

    async def until_idle(self, timeout_s: float = 30.0) -> None:
        """Returns once nothing is in flight in it."""
        await self._ask("GET", f"idle?timeout_s={timeout_s}")

    async def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        async with self._stack.client() as client:
            answer = await client.request(method, f"{self.url}/_emulator/{path}", json=body)
        if answer.is_error:
            raise Refused(f"{self.url} answered {answer.status_code}: {answer.text}")
        said: dict[str, Any] = answer.json() if answer.content else {}
        return said


class Stack:
    """`async with Stack(folder) as stack:` starts one and stops it; `attach` joins a running one.

    Functions reach an engine that `through` names at the host:port given there. Nothing here is
    bound to an event loop, so one handle serves many tests.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int = 0,
        options: Sequence[str] = (),
        root: Path = ROOT,
        through: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = DataFolder(data_dir.resolve())
        settings = [f"--option={option}" for option in options]
        settings += [f"--through={name}={door}" for name, door in (through or {}).items()]
        self._arguments = ["--port", str(port), "--root", str(root.resolve()), *settings]
        self._process: subprocess.Popen[bytes] | None = None
        self._addresses: Addresses | None = None
        self.functions = StackFunctions(self)
        self.jobs = StackJobs(self._run_api)

    @classmethod
    def attach(cls, data_dir: Path) -> Self:
        """A handle on the stack that runs on the folder; raises StackDown."""
        stack = cls(data_dir)
        stack._addresses = state_file.read(stack._folder)
        return stack

    def start(self) -> None:
        """Starts the stack and returns once it runs; raises NotStarted. It ends when we do."""
        self._begin().until_ready()
        self._addresses = state_file.read(self._folder)

    def stop(self) -> None:
        """Stops the stack that this handle started, killing it after half a minute."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    async def __aenter__(self) -> Self:
        launched = self._begin()
        await asyncio.to_thread(launched.until_ready)
        self._addresses = state_file.read(self._folder)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.stop)

    @property
    def addresses(self) -> Addresses:
        """Where everything listens."""
        if self._addresses is None:
            raise state_file.StackDown("This stack has not been started.")
        return self._addresses

    @property
    def gateway_url(self) -> str:
        """Base URL of the gateway."""
        return self.addresses.gateway

    @property
    def database_url(self) -> str:
        """DATABASE_URL."""
        return self.addresses.database_url

    @property
    def data_dir(self) -> Path:
        """The stack's data folder."""
        return self._folder.path

    @property
    def pid(self) -> int | None:
        """Process id of the stack's runner."""
        return self._folder.holder()

    def now(self) -> float:
        """Unix seconds on the stack's clock."""
        return stack_now(self._folder.clock)

    def client(self, *, timeout: float = 60.0) -> httpx.AsyncClient:
        """An HTTP client whose base is the gateway."""
        return httpx.AsyncClient(
            base_url=self.gateway_url,
            timeout=timeout,
            trust_env=False,
            limits=_MANY,
            verify=_NO_TLS,
        )

    async def token(self, user: str, *, admin: bool = False) -> str:
        """A session token for the user, made an administrator first if `admin`."""
        if admin:
            await make_admin(user, self.database_url, self.now())
        return session_token(user, self._folder.secrets().nextauth, self.now())

    async def id_token(self, audience: str, email: str = INVOKER) -> str:
        """An OIDC token for a call to the function at `audience`, by default the invoker's."""
        path = f"/v1/projects/-/serviceAccounts/{email}:generateIdToken"
        url = self.addresses.http("identity") + path
        async with self.client() as client:
            answer = await client.post(url, json={"audience": audience})
        return str(answer.raise_for_status().json()["token"])

    async def status(self) -> dict[str, Any]:
        """What `status --json` prints."""
        return await self.control("GET", "status")

    async def control(self, method: str, path: str) -> dict[str, Any]:
        """One call to the stack's own commands; raises Refused with its sentence."""
        headers = {KEY_HEADER: self._folder.secrets().control}
        url = f"{self.addresses.ingress}/{CONTROL}/{path}"
        async with self.client() as client:
            answer = await client.request(method, url, headers=headers)
        said: dict[str, Any] = answer.json()
        if answer.is_error:
            raise Refused(said["detail"])
        return said

    async def _run_api(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        url = self.addresses.http("jobs") + path
        headers = {"Authorization": "Bearer local"}
        async with self.client(timeout=RUN_API_S) as client:
            answer = await client.request(method, url, json=body, headers=headers)
        said: dict[str, Any] = answer.json()
        if answer.is_error:
            raise Refused(said["error"]["message"])
        return said

    def emulator(self, name: str) -> "StackEmulator":
        """The admin routes of an emulator, e.g. `anthropic`; raises KeyError."""
        return StackEmulator(self, self.addresses.http(name))

    def _begin(self) -> Launched:
        launched = launch(self._folder.path, self._arguments, outlive=False)
        self._process = launched.process
        return launched
