"""Owns starting Cloud Tasks: its gRPC service and, on a port of its own, the admin routes."""

from starlette.applications import Starlette

from emulators.skeleton import admin, grpc_server, http_server
from emulators.skeleton.calls import Calls
from emulators.skeleton.dispatch import Dispatcher
from emulators.skeleton.faults import Faults
from emulators.skeleton.house import House, Running
from emulators.skeleton.in_flight import InFlight
from emulators.tasks.engine import Engine
from emulators.tasks.line import DUPLICATE_NEXT, Gear
from emulators.tasks.queue_methods import QueueMethods
from emulators.tasks.tables import Tables
from emulators.tasks.task_methods import TaskMethods
from emulators.tasks.wire import request_class

SERVICE = "/google.cloud.tasks.v2.CloudTasks"


async def start(house: House) -> Running:
    """Starts the emulator on house.ports["tasks"], its admin routes on ["tasks-admin"]."""
    faults, calls = Faults(extra=(DUPLICATE_NEXT,)), Calls(house.clock)
    engine = Engine(
        Gear(
            clock=house.clock,
            identity=house.identity,
            dispatcher=Dispatcher(house.clock),
            tables=Tables(house.data_dir / "tasks.sqlite3"),
            faults=faults,
            in_flight=InFlight(),
        )
    )
    controls = admin.Controls(
        "tasks",
        house.clock,
        faults,
        calls,
        state=engine.facts,
        reset=engine.reset,
        until_idle=engine.until_idle,
    )
    app = Starlette(routes=admin.routes(controls))
    http = await http_server.serve(app, house.ports.get("tasks-admin", 0))
    grpc = await grpc_server.serve(
        _methods(engine), faults=faults, calls=calls, port=house.ports.get("tasks", 0)
    )

    async def stop() -> None:
        await grpc.stop()
        await http.stop()
        await engine.stop()

    return Running("tasks", {"grpc": grpc.address, "admin": http.url}, stop)


def _methods(engine: Engine) -> dict[str, grpc_server.Unary | grpc_server.Stream]:
    methods = QueueMethods(engine).methods() | TaskMethods(engine).methods()
    return {
        f"{SERVICE}/{name}": grpc_server.Unary(request_class(name), method)
        for name, method in methods.items()
    }
