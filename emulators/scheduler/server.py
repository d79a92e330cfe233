"""Owns starting Cloud Scheduler: its gRPC service and, on a port of its own, the admin routes."""

from starlette.applications import Starlette

from emulators.scheduler.engine import Engine
from emulators.scheduler.job_methods import JobMethods
from emulators.scheduler.runner import Gear
from emulators.scheduler.tables import Tables
from emulators.scheduler.wire import request_class
from emulators.skeleton import admin, grpc_server, http_server
from emulators.skeleton.calls import Calls
from emulators.skeleton.dispatch import Dispatcher
from emulators.skeleton.faults import Faults
from emulators.skeleton.house import House, Running
from emulators.skeleton.in_flight import InFlight

SERVICE = "/google.cloud.scheduler.v1.CloudScheduler"


async def start(house: House) -> Running:
    """Starts the emulator on house.ports["scheduler"], its admin routes on ["scheduler-admin"]."""
    faults, calls = Faults(), Calls(house.clock)
    engine = Engine(
        Gear(
            clock=house.clock,
            identity=house.identity,
            dispatcher=Dispatcher(house.clock),
            tables=Tables(house.data_dir / "scheduler.sqlite3"),
            in_flight=InFlight(),
        )
    )
    controls = admin.Controls(
        "scheduler",
        house.clock,
        faults,
        calls,
        state=engine.facts,
        reset=engine.reset,
        until_idle=engine.until_idle,
    )
    app = Starlette(routes=admin.routes(controls))
    http = await http_server.serve(app, house.ports.get("scheduler-admin", 0))
    methods: dict[str, grpc_server.Unary | grpc_server.Stream] = {
        f"{SERVICE}/{name}": grpc_server.Unary(request_class(name), method)
        for name, method in JobMethods(engine).methods().items()
    }
    grpc = await grpc_server.serve(
        methods, faults=faults, calls=calls, port=house.ports.get("scheduler", 0)
    )

    async def stop() -> None:
        await grpc.stop()
        await http.stop()
        await engine.stop()

    return Running("scheduler", {"grpc": grpc.address, "admin": http.url}, stop)
