"""Builds the licence and connects it to the bus."""

import asyncio
import logging
from pathlib import Path

from roschat.kernel.aio import Tasks
from roschat.kernel.errors import Invalid, RoschatError
from roschat.kernel.http_client import HttpClient
from roschat.kernel.migrate import program_version
from roschat.kernel.options import decode_local
from roschat.kernel.service import Context, Health
from roschat.modules.ms.licence.api import (
    ActivationKey,
    GetActivationKey,
    GetLicence,
    GetLicenceState,
    LicenceChanged,
    LicenceState,
    LicenceView,
    LoadLicence,
    RemoveLicence,
    UpdateLicence,
)
from roschat.modules.ms.licence.service import Licences
from roschat.modules.ms.licence.settings import Local, Settings
from roschat.modules.ms.licence.usage import Usage
from roschat.modules.server.accounts.api import MayHaveAccount
from roschat.modules.server.contacts.api import MayGrantService
from roschat.proto.licence import LicenceRefused, read_keys
from roschat.wire.message import Caller
from roschat.wire.process import EventsMissed

log = logging.getLogger(__name__)

TRUSTED = Path(__file__).with_name("trusted_keys.txt")
AFTER_FAILURE = 60.0
"""Seconds until the next look when the database was away."""


class LicenceFeature:
    """The running feature: one method per command."""

    def __init__(self, licences: Licences, tasks: Tasks) -> None:
        self._licences = licences
        self._tasks = tasks
        self._news = asyncio.Event()

    async def state(self, command: GetLicenceState, caller: Caller) -> LicenceState:
        """Serve get-licence-state."""
        return self._licences.state()

    async def view(self, command: GetLicence, caller: Caller) -> LicenceView:
        """Serve get-licence."""
        return await self._licences.view()

    async def update(self, command: UpdateLicence, caller: Caller) -> LicenceView:
        """Serve update-licence."""
        await self._licences.update(caller)
        return await self._licences.view()

    async def load(self, command: LoadLicence, caller: Caller) -> LicenceView:
        """Serve load-licence."""
        await self._licences.install(command.text, caller)
        return await self._licences.view()

    async def remove(self, command: RemoveLicence, caller: Caller) -> LicenceView:
        """Serve remove-licence."""
        await self._licences.remove(caller)
        return await self._licences.view()

    async def activation(self, command: GetActivationKey, caller: Caller) -> ActivationKey:
        """Serve get-activation-key."""
        return await self._licences.activation()

    async def changed(self, event: LicenceChanged | EventsMissed) -> None:
        """Another process may have changed it."""
        await self._licences.load()

    def look_soon(self, settings: Settings) -> None:
        """Other settings: the licence may be worth something else now."""
        self._news.set()

    async def keep(self) -> None:
        """Ask the licence server each day, look at the clock each hour; for the process that holds the lease."""
        while True:
            self._news.clear()
            try:
                wait = await self._licences.look()
            except RoschatError as error:
                log.warning("the licence is looked at later: %s", error.text)
                wait = AFTER_FAILURE
            try:
                async with asyncio.timeout(wait):
                    await self._news.wait()
            except TimeoutError:
                pass

    async def stop(self) -> None:
        """End the watch."""
        await self._tasks.stop()

    async def health(self) -> Health:
        """What has to be done about the licence."""
        return await self._licences.health()


async def start(context: Context) -> LicenceFeature:
    """Build, load, serve, subscribe."""
    local = decode_local(Local, context.local.get("licence", {}), "ms.toml [licence]")
    try:
        trusted = [*read_keys(TRUSTED.read_text()), *read_keys("\n".join(local.trusted_keys))]
    except LicenceRefused as error:
        raise Invalid(f"A trusted key of licences is none: {error}") from None
    settings = await context.settings.section("ms.licence", Settings)
    licences = Licences(
        context.db,
        context.clock,
        settings,
        HttpClient(),
        trusted,
        context.secrets.get("licence"),
        program_version(),
    )
    licences.usage = usage = Usage(context.bus, context.clock, licences.licence)
    tasks = Tasks("licence")
    feature = LicenceFeature(licences, tasks)
    context.bus.subscribe(LicenceChanged, feature.changed)
    context.bus.subscribe(EventsMissed, feature.changed)
    await licences.load()
    settings.on_change(feature.look_soon)
    context.bus.answer(MayHaveAccount, usage.may_have_account)
    context.bus.answer(MayGrantService, usage.may_grant_service)
    context.bus.serve(GetLicenceState, feature.state)
    context.bus.serve(GetLicence, feature.view)
    context.bus.serve(UpdateLicence, feature.update)
    context.bus.serve(LoadLicence, feature.load)
    context.bus.serve(RemoveLicence, feature.remove)
    context.bus.serve(GetActivationKey, feature.activation)
    tasks.spawn(context.leases.hold("ms.licence", feature.keep), "watch")
    return feature
