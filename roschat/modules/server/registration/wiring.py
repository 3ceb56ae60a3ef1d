"""Builds registration and connects it to the bus."""

from roschat.kernel.aio import Tasks
from roschat.kernel.passwords import Passwords
from roschat.kernel.service import Context, Health
from roschat.modules.server.registration.api import (
    ApproveRegistration,
    GetRegistration,
    ListRegistrations,
    RefuseRegistration,
    Register,
)
from roschat.modules.server.registration.service import Registration
from roschat.modules.server.registration.settings import Settings


class RegistrationFeature:
    """The running feature."""

    def __init__(self, passwords: Passwords, tasks: Tasks) -> None:
        self._passwords = passwords
        self._tasks = tasks

    async def stop(self) -> None:
        """Wishes wait in the database."""
        await self._tasks.stop()
        self._passwords.close()

    async def health(self) -> Health:
        """The database tells its own health."""
        return Health()


async def start(context: Context) -> RegistrationFeature:
    """Build and serve."""
    settings = await context.settings.section("server.registration", Settings)
    passwords, tasks = Passwords(), Tasks("registration")
    registration = Registration(
        context.db, context.bus, context.clock, settings, passwords, context.secrets.get("registration-codes")
    )
    bus = context.bus
    bus.serve(GetRegistration, registration.rules)
    bus.serve(Register, registration.register)
    bus.serve(ListRegistrations, registration.listed)
    bus.serve(ApproveRegistration, registration.approve)
    bus.serve(RefuseRegistration, registration.refuse)
    tasks.spawn(registration.keep_clear(), "clearing")
    return RegistrationFeature(passwords, tasks)
