"""Builds announcements and support and connects them to the bus."""

from roschat.kernel.aio import Tasks
from roschat.kernel.db import Database
from roschat.kernel.errors import Unavailable
from roschat.kernel.service import Context, Health, State
from roschat.kernel.settings import Live
from roschat.modules.server.messages.wiring import MessagesFeature
from roschat.modules.server.support import store
from roschat.modules.server.support.api import (
    Announce,
    AnnouncementDue,
    CancelAnnouncement,
    CountAudience,
    GetAnnouncement,
    GetSupport,
    ListAnnouncements,
    WriteToSupport,
)
from roschat.modules.server.support.audience import Audience
from roschat.modules.server.support.campaign import Campaign
from roschat.modules.server.support.service import Support
from roschat.modules.server.support.settings import Settings
from roschat.types import ContactId


class SupportFeature:
    """The running feature."""

    def __init__(self, db: Database, settings: Live[Settings], tasks: Tasks) -> None:
        self._db = db
        self._settings = settings
        self._tasks = tasks

    async def stop(self) -> None:
        """What is not sent yet goes on at the next start."""
        await self._tasks.stop()

    async def health(self) -> Health:
        """A support contact that nobody can write to helps nobody."""
        contact = ContactId(self._settings.value.contact)
        if not contact:
            return Health()
        try:
            async with self._db.reading() as tx:
                there = await store.is_active(tx, contact)
        except Unavailable:
            # The database tells its own health.
            return Health()
        if there:
            return Health()
        return Health(
            State.DEGRADED,
            f"The support contact {contact} is not there or deactivated; choose another one.",
            f"Контакт службы поддержки {contact} удалён или отключён; назначьте другой.",
            "support-contact",
            "/administration/support",
        )


async def start(context: Context, messages: MessagesFeature) -> SupportFeature:
    """Build, serve, subscribe, send. Announcements are messages, so those come first."""
    settings = await context.settings.section("server.support", Settings)
    audience = Audience(context.db, context.bus)
    support = Support(context.db, context.bus, context.clock, settings, audience)
    campaign = Campaign(context.db, context.bus, context.clock, context.jobs, audience)
    tasks = Tasks("support")
    bus = context.bus
    bus.serve(CountAudience, support.count)
    bus.serve(Announce, support.announce)
    bus.serve(ListAnnouncements, support.listed)
    bus.serve(GetAnnouncement, support.one)
    bus.serve(CancelAnnouncement, support.cancel)
    bus.serve(GetSupport, support.support)
    bus.serve(WriteToSupport, support.write)
    bus.subscribe(AnnouncementDue, campaign.look)
    tasks.spawn(context.leases.hold("server.support", campaign.running), "announcements")
    return SupportFeature(context.db, settings, tasks)
