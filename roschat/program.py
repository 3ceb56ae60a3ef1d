"""The whole program: kernel, transports and modules put together, started and stopped in order.

    folder and ports → certificate → PostgreSQL → migrations → bus → database → modules → listeners → ready

Stopping goes the same way back, PostgreSQL last but one: the lock of the folder is let go at the very end. This is the
top of the import chain; nothing but the command line and tests imports it. It names no module: folders are scanned.
"""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import roschat.modules
from roschat.kernel import listeners as ports
from roschat.kernel import restore
from roschat.kernel.aio import Tasks
from roschat.kernel.bus_local import LocalBus
from roschat.kernel.bus_nats import NatsBus
from roschat.kernel.certificates import Certificates
from roschat.kernel.clock import Clock
from roschat.kernel.components import Components
from roschat.kernel.control import Control
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, Unavailable
from roschat.kernel.figures import Figures, client_kind
from roschat.kernel.health import Parts, health_handler, metrics_handler, said, said_later, watched
from roschat.kernel.health import Settings as HealthSettings
from roschat.kernel.http import Routes
from roschat.kernel.jobs import Jobs
from roschat.kernel.lease import Leases
from roschat.kernel.listeners import Opened
from roschat.kernel.loader import Loader, chosen, scan
from roschat.kernel.local import LocalConfig
from roschat.kernel.log_file import LogFile
from roschat.kernel.log_file import Settings as LogSettings
from roschat.kernel.metrics import Metrics
from roschat.kernel.migrate import migrate
from roschat.kernel.options import did_you_mean
from roschat.kernel.outbox import Outbox
from roschat.kernel.postgres import Postgres
from roschat.kernel.process import DataFolder
from roschat.kernel.roll import Roll
from roschat.kernel.secrets import Secrets
from roschat.kernel.service import Context
from roschat.kernel.settings import Settings
from roschat.kernel.verbs import add_verbs
from roschat.transports.connection import Connection, MovingPorts
from roschat.transports.crypto import InstallationKey
from roschat.transports.doors import Doors
from roschat.transports.listen import SOCKETS_ON, Listeners
from roschat.transports.settings import Settings as TransportSettings
from roschat.transports.sockets import Sockets
from roschat.types import Role
from roschat.wire.message import Caller

log = logging.getLogger(__name__)

Engine = LocalBus | NatsBus


class Program:
    """One process. `await start()`, then `addresses` says where it listens; `await stop()` always.

    Without `listen` it opens no port and no control socket: the command line works so on a folder whose server does not
    run. `modules` overrides those of the configuration; an empty list runs none.
    """

    def __init__(
        self,
        config: LocalConfig,
        *,
        sections: dict[str, dict[str, Any]] | None = None,
        modules: list[str] | None = None,
        listen: bool = True,
        clock: Clock | None = None,
    ) -> None:
        self.config = config
        self.clock = clock or Clock()
        self.metrics = Metrics()
        self.parts = Parts(self.metrics)
        self.folder = DataFolder(config.data, config.name)
        self.addresses: dict[str, list[str]] = {}
        self.notes: list[str] = []
        self.migrated: list[str] = []
        self.bus: Engine
        self.db: Database
        self.control: Control
        self.leases: Leases
        self.jobs: Jobs
        self._certificates: Certificates | None = None
        self._tls: dict[str, bool] = {}
        self.listeners: Listeners | None = None
        self._sections = sections or {}
        self._names = config.modules if modules is None else modules
        self._none = modules == []
        self._listen = listen
        self._unreached: dict[str, Routes] = {}
        self._doors: Doors | None = None
        self._roll: Roll | None = None
        self.components: Components
        self.log_file: LogFile | None = None
        self.restart: Callable[[], None] | None = None
        """Ends the process in order and begins it anew; set by who can."""
        self._undo: list[tuple[str, Callable[[], Awaitable[None]]]] = []

    async def start(self) -> None:
        """Everything up to ready. Raises RoschatError with one sentence; what had started is stopped again then."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Undo what was started, the last first. Never raises; failures are logged."""
        while self._undo:
            name, undo = self._undo.pop()
            log.info("stopping %s", name)
            try:
                await undo()
            except Exception:
                log.exception("%s could not be stopped in order", name)

    def reload(self) -> None:
        """Look at the certificate again (SIGHUP)."""
        if self._certificates is not None:
            self._certificates.reload()

    def speaks_tls(self, name: str) -> bool:
        """Whether an open listener speaks TLS."""
        return self._tls[name]

    async def _start(self) -> None:
        manifests = scan(Path(roschat.modules.__path__[0]))
        wanted = [] if self._none else chosen(manifests, self._names, alone=self.config.bus == "local")
        self._take_folder()
        if self._listen:
            self._open_log()
        opened = self._open_ports() if self._listen else {}
        if any(listener.tls for listener in opened.values()):
            self._open_certificates()
        dsn = await self._database_server()
        if not self.config.name and await restore.finish(self.folder.path, dsn):
            self.reload()
        self.migrated = await migrate(dsn)
        await self._open_bus()
        settings, leases, secrets = await self._open_database(dsn)
        settings.declare("connection", Connection)
        settings.declare("transports", TransportSettings)
        self.control = Control(self.bus)
        add_verbs(self.control, self.parts, settings)
        if self._listen:
            await self._prepare_sites(opened, settings)

        def context(name: str) -> Context:
            return Context(
                name=name,
                data=self.folder.path,
                bus=self.bus,
                db=self.db,
                routes=self.routes,
                settings=settings,
                secrets=secrets,
                clock=self.clock,
                leases=leases,
                metrics=self.metrics,
                jobs=self.jobs,
                local=self._sections.get(name, {}),
                shared=isinstance(self.bus, NatsBus),
            )

        for name in self._sections.keys() - manifests.keys():
            raise Invalid(f"{name}.toml in the configuration belongs to no module{did_you_mean(name, manifests)}")
        loader = Loader(
            roschat.modules.__name__, wanted, context, self.parts, sessions=self._sessions, clock=self.clock
        )
        await self._open_components(loader)
        self._undo.append(("modules", loader.stop))
        await loader.start()
        await self.bus.settled()
        if self._listen:
            await self._serve(opened)
            await self._follow(settings)

    async def _open_components(self, loader: Loader) -> None:
        """Let components and the process be restarted by those who may; closed after the modules have stopped."""
        figures = Figures(self.folder.path, self.clock)
        figures.add(self.metrics.queues)
        figures.add(self._clients)
        figures.start()
        bus = self.bus
        process = bus.process if isinstance(bus, NatsBus) else ""
        self.components = Components(
            bus, loader, self.parts, figures, self._restart, process=process, name=self.config.name
        )
        self.components.open()
        self.components.add_verbs(self.control)

        async def close() -> None:
            await self.components.close()
            figures.stop()

        self._undo.append(("components", close))

    def _restart(self) -> None:
        if self.restart is None:
            raise Unavailable("This process was not started by `roschat run`, so it cannot begin anew by itself.")
        self.restart()

    def _clients(self) -> dict[str, float]:
        """Sockets of people in this process by the kind of their client."""
        sockets = self.listeners.sockets if self.listeners is not None else None
        if sockets is None:
            return {}
        found = dict.fromkeys(("clients_web", "clients_mobile", "clients_computer"), 0.0)
        for caller in sockets.callers():
            if caller.role is Role.PERSON:
                found[f"clients_{client_kind(caller.client)}"] += 1
        return found

    def _sessions(self) -> list[Caller]:
        """Signed-in sockets of all processes."""
        if self._roll is not None:
            return self._roll.callers()
        sockets = self.listeners.sockets if self.listeners is not None else None
        return sockets.callers() if sockets is not None else []

    def routes(self, name: str) -> Routes:
        """HTTP routes of a listener; of one that this process does not open, routes that nobody reaches."""
        if self.listeners is not None:
            return self.listeners.routes(name)
        return self._unreached.setdefault(name, Routes())

    def _take_folder(self) -> None:
        self.folder.take()

        async def release() -> None:
            self.folder.release()

        self._undo.append(("the data folder", release))

    def _open_log(self) -> None:
        self.log_file = LogFile(self.folder.path / "logs", self.config.name, self.clock)
        self.log_file.open()

        async def end() -> None:
            if self.log_file is not None:
                self.log_file.end()

        self._undo.append(("the log file", end))

    def _open_ports(self) -> dict[str, Opened]:
        opened = ports.open_ports(self.config, ports.chosen_ports(self.folder.path))

        async def close() -> None:
            ports.close(opened)

        self._undo.append(("the ports", close))
        self.notes += [listener.note for listener in opened.values() if listener.note]
        return opened

    def _open_certificates(self) -> None:
        config = self.config
        if bool(config.certificate) != bool(config.key):
            raise Invalid("`certificate` and `key` of the configuration belong together: set both, or none.")
        pair = (Path(config.certificate), Path(config.key)) if config.certificate else None
        named = [address for address in config.bind if address not in ports.EVERYWHERE]
        certificates = Certificates(self.folder.path / "certificates", [*config.names, *named], self.clock, pair)
        certificates.open()
        self._certificates = certificates
        self.parts.add("certificate", said(certificates.health), required=False)
        tasks = Tasks("certificates")
        tasks.spawn(certificates.watch(), "watch")
        self._undo.append(("the certificate", tasks.stop))

    async def _database_server(self) -> str:
        if self.config.dsn:
            return self.config.dsn
        if self.config.name:
            raise Invalid(
                f"Process {self.config.name!r} shares its data folder with others, which cannot share a private "
                "database: name one with --dsn."
            )
        binaries = Path(self.config.postgres) if self.config.postgres else None
        postgres = Postgres(self.folder.path, binaries=binaries)
        self._undo.append(("PostgreSQL", postgres.stop))
        await postgres.start()
        self.parts.add("postgres", said_later(postgres.health))
        return postgres.dsn

    async def _open_bus(self) -> None:
        failures = self.metrics.counter("subscriber_failures", "Events that a subscriber failed on", ["event"])

        def failed(name: str) -> None:
            failures.labels(name).inc()

        if self.config.bus == "local":
            self.bus = LocalBus(strict=self.config.strict, on_error=failed)
        elif self.config.bus.startswith(("nats://", "tls://")):
            self.bus = NatsBus(self.config.bus, strict=self.config.strict, on_error=failed)
        else:
            raise Invalid(f"The bus {self.config.bus!r} is neither local nor nats://HOST:PORT.")
        self._undo.append(("the bus", self.bus.close))
        await self.bus.open()
        self.parts.add("bus", said(self.bus.health))

    async def _open_database(self, dsn: str) -> tuple[Settings, Leases, Secrets]:
        bus = self.bus
        self.db = Database(dsn, bus)
        # The bus is closed after the modules and before the database: its last events may need it.
        self._undo.insert(-1, ("the database", self.db.close))
        await self.db.open()
        self.parts.add("database", said_later(self.db.health))
        if isinstance(bus, NatsBus):
            self.db.outbox = outbox = Outbox(self.db, lambda event, number: bus.publish(event))
            outbox.start()
            self._undo.append(("the outbox", outbox.stop))
        self.leases = leases = Leases(self.db)
        self._undo.append(("leases", leases.close))
        self.jobs = Jobs(self.db, self.clock, self.config.name or "main")
        await self.jobs.open()
        self._undo.append(("jobs", self.jobs.close))
        return Settings(self.db, bus), leases, Secrets(self.folder.path / "secrets")

    async def _prepare_sites(self, opened: dict[str, Opened], settings: Settings) -> None:
        """Make what will be served, so that modules can add routes; the ports open when all modules run."""
        live = await settings.section("transports", TransportSettings)
        bus, process = self.bus, ""
        has_sockets = any(name in opened for name in SOCKETS_ON)
        if isinstance(bus, NatsBus):
            process = bus.process
            self._roll = Roll(bus, process, holds=has_sockets)
            self._doors = Doors(bus, process, self.config.name, self.folder.run, live)
        sockets = None
        if has_sockets:
            key = InstallationKey(self.folder.path / "secrets" / "installation.pem")
            sockets = Sockets(bus, live, key, self.clock, process=process, elsewhere=self._doors)
            sockets.measure(self.metrics)
        self.listeners = Listeners(opened, sockets, live, self._certificates)
        for name in ("http", "https"):
            self.listeners.routes(name).add("GET", "/health", health_handler(self.parts, public=True))
        if self.log_file is not None:
            logs = await settings.section("logs", LogSettings)
            self.log_file.follow(logs.value)
            logs.on_change(self.log_file.follow)
        watchers = await settings.section("health", HealthSettings)
        health = watched(health_handler(self.parts), watchers, bus)
        metrics = watched(metrics_handler(self.metrics), watchers, bus)
        console = self.listeners.routes("console")
        console.add("GET", "/health", health)
        console.add("GET", "/metrics", metrics)
        if self.config.name:
            console.add("GET", f"/health/{self.config.name}", health)
            console.add("GET", f"/metrics/{self.config.name}", metrics)

    async def _serve(self, opened: dict[str, Opened]) -> None:
        assert self.listeners is not None
        self._tls = {name: listener.tls for name, listener in opened.items()}
        self._undo.append(("listeners", self.listeners.close))
        self.addresses = await self.listeners.open()
        if self._doors is not None:
            self._undo.append(("the doors to other processes", self._doors.close))
            self._doors.open(self.listeners, opened)
        self._undo.append(("the control socket", self.control.close))
        await self.control.open(self.folder.control_socket)

        async def not_ready() -> None:
            self.folder.say_not_ready()

        if isinstance(self.bus, NatsBus):
            self.bus.introduce()
            await self.bus.settled()
        self._undo.append(("readiness", not_ready))

    async def _follow(self, settings: Settings) -> None:
        """Listen where the console wants it, and say where that is."""
        assert self.listeners is not None

        def moved(addresses: dict[str, list[str]]) -> None:
            self.addresses = addresses
            self.folder.say_ready(addresses)

        moving = MovingPorts(self.listeners, self._certificates, self.config, self.folder.path, moved)
        self._undo.append(("the following of ports", moving.close))
        await moving.start(self.bus, await settings.section("connection", Connection))
        self.parts.add("ports", said(moving.trouble), required=False)
        moved(self.listeners.addresses())
