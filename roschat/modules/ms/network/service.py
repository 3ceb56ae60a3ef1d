"""Looks at everything from time to time and when asked; keeps what was found for the console and for health."""

import asyncio
import logging
from collections.abc import Awaitable

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import RoschatError, Unavailable
from roschat.kernel.service import Health, State
from roschat.kernel.settings import Live
from roschat.kernel.settings import Settings as AllSettings
from roschat.modules.ms.network import store
from roschat.modules.ms.network.api import CheckKind, CheckNetwork, GetNetwork, NetworkCheck, NetworkView
from roschat.modules.ms.network.probes import Prober
from roschat.modules.ms.network.settings import Settings
from roschat.modules.ms.network.targets import Target, targets
from roschat.wire.message import Caller
from roschat.wire.process import GetListening

AT_ONCE = 40
WHOLE = 25.0
"""Seconds for everything."""
FIRST = 20.0
"""Seconds from the start to the first look."""
OWN = "network"
CODES = {
    CheckKind.LISTENER: "listener-unreachable",
    CheckKind.CERTIFICATE: "certificate-expires",
    CheckKind.DNS: "name-unknown",
    CheckKind.TIME: "clock-off",
    CheckKind.HOST: "host-unreachable",
}

log = logging.getLogger(__name__)


class Network:
    """See the module docstring."""

    def __init__(
        self, db: Database, bus: Bus, clock: Clock, all_settings: AllSettings, settings: Live[Settings], prober: Prober
    ) -> None:
        self._db = db
        self._bus = bus
        self._all = all_settings
        self._settings = settings
        self._prober = prober
        self._one = asyncio.Lock()
        self.found: list[NetworkCheck] = []

    async def view(self, command: GetNetwork, caller: Caller) -> NetworkView:
        """Serve get-network."""
        async with self._db.reading() as tx:
            checks = await store.checks(tx)
        return NetworkView(checks, self._settings.value.every * 60)

    async def check(self, command: CheckNetwork, caller: Caller) -> NetworkView:
        """Serve check-network. Who asks while somebody else does gets the same answer."""
        before = self.found
        async with self._one:
            if self.found is before:
                await self._look()
        return NetworkView(self.found, self._settings.value.every * 60)

    async def watching(self) -> None:
        """Look from time to time, until cancelled."""
        pause = FIRST
        while True:
            await asyncio.sleep(pause)
            pause = self._settings.value.every * 60
            try:
                async with self._one:
                    await self._look()
            except RoschatError as error:
                log.warning("the network was not looked at: %s", error.text)

    def health(self) -> Health:
        """What was found wrong last."""
        bad = [
            Health(
                State.DEGRADED,
                f"{one.kind.value} {one.name}: {one.text}",
                ru=f"{one.name}: {one.text_ru}",
                code=f"{CODES[one.kind]}:{one.name}",
                fix=one.fix or "/maintenance/network",
            )
            for one in self.found
            if one.state != "ok"
        ]
        if not bad:
            return Health()
        first, *others = bad
        return Health(first.state, first.text, first.ru, first.code, first.fix, tuple(others))

    async def _look(self) -> None:
        settings = self._settings.value
        turns = asyncio.Semaphore(AT_ONCE)
        works = [self._prober.time(server, settings.offset) for server in settings.time_servers]
        for target in await self._targets(settings):
            if target.named:
                works.append(self._prober.name(target))
            if target.port:
                works.append(self._prober.host(target))

        async def one(work: Awaitable[NetworkCheck]) -> NetworkCheck:
            async with turns:
                return await work

        try:
            async with asyncio.timeout(WHOLE):
                found = await self._listeners(settings)
                found += await asyncio.gather(*map(one, works))
        except TimeoutError:
            raise Unavailable(f"The network was not looked at within {WHOLE:g} s; name fewer addresses.") from None
        async with self._db.transaction() as tx:
            await store.replace(tx, found)
        self.found = found

    async def _listeners(self, settings: Settings) -> list[NetworkCheck]:
        try:
            listening = await self._bus.call(GetListening())
        except RoschatError:
            return []  # No process has listeners; then nobody sees this either.
        looks = [
            self._prober.listener(name, address, tls=name != "http", days=settings.certificate_days)
            for name, addresses in listening.addresses.items()
            for address in addresses
        ]
        return [check for checks in await asyncio.gather(*looks) for check in checks]

    async def _targets(self, settings: Settings) -> list[Target]:
        sections = {name: options for name, options in self._all.sections().items() if name != OWN}
        wanted = {
            name: options
            for name, options in sections.items()
            if any(option.format in ("host", "url") for option in options)
        }
        values = {name: await self._all.get(name) for name in wanted}
        return targets(wanted, values, settings.hosts)
