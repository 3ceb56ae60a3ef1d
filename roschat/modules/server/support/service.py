"""The commands of announcements and support."""

from collections import defaultdict, deque

from msgspec.structs import replace

from roschat.kernel import audit, formats
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import NotFound, RoschatError, TooMany
from roschat.kernel.settings import Live
from roschat.modules.ms.mail.api import GetMailState, SendLetter
from roschat.modules.server.support import store
from roschat.modules.server.support.api import (
    MAX_ANNOUNCEMENT,
    Announce,
    AnnouncementDue,
    Announcements,
    AnnouncementView,
    AudienceView,
    CancelAnnouncement,
    CountAudience,
    GetAnnouncement,
    GetSupport,
    ListAnnouncements,
    SupportView,
    WriteToSupport,
)
from roschat.modules.server.support.audience import Audience, check
from roschat.modules.server.support.settings import Settings
from roschat.types import ContactId
from roschat.wire.message import Caller, Empty

YEAR = 366 * 86_400
SHOWN = 10
UNDELIVERED = 100
MAX_PAGE = 200
LETTERS = 5
HOUR = 3600.0
"""A person may send LETTERS letters to support in an HOUR (seconds)."""
MAX_LETTER = 4000


class Support:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, clock: Clock, settings: Live[Settings], audience: Audience) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._settings = settings
        self._audience = audience
        self._letters: defaultdict[ContactId, deque[float]] = defaultdict(deque)

    async def count(self, command: CountAudience, _: Caller) -> AudienceView:
        """Serve count-audience."""
        people = await self._audience.of(command.audience, command.cids, command.filter)
        async with self._db.reading() as tx:
            return AudienceView(len(people), await store.names(tx, people[:SHOWN]))

    async def announce(self, command: Announce, caller: Caller) -> AnnouncementView:
        """Serve announce."""
        now = self._clock.seconds()
        text = command.text.strip()
        text_reason = "" if text else "empty"
        if len(text) > MAX_ANNOUNCEMENT:
            text_reason = "too-long"
        elif "\0" in text:
            text_reason = "bad-value"
        due_reason = "bad-value" if command.due and not now - 60 <= command.due <= now + YEAR else ""
        formats.refuse({"text": text_reason, "due": due_reason})
        check(command.audience, command.cids, command.filter)
        async with self._db.transaction() as tx:
            number = await store.add(
                tx,
                text,
                command.audience,
                command.cids,
                command.filter,
                caller.name or "system",
                now,
                command.due or now,
            )
            after = {"text": text, "audience": command.audience, "due": command.due}
            await audit.record(tx, caller, "announce", str(number), None, after)
            tx.emit(AnnouncementDue())
            view = await store.view(tx, number)
        assert view is not None
        return view

    async def listed(self, command: ListAnnouncements, _: Caller) -> Announcements:
        """Serve list-announcements."""
        formats.refuse(
            {
                "page": "bad-value" if not 1 <= command.page <= 1_000_000 else "",
                "size": "bad-value" if not 1 <= command.size <= MAX_PAGE else "",
            }
        )
        async with self._db.reading() as tx:
            page = await store.views(tx, (command.page - 1) * command.size, command.size)
            return Announcements(page, await store.total(tx))

    async def one(self, command: GetAnnouncement, _: Caller) -> AnnouncementView:
        """Serve get-announcement."""
        async with self._db.reading() as tx:
            view = await store.view(tx, command.id) if 0 < command.id < 2**63 else None
            if view is None:
                raise NotFound(f"There is no announcement {command.id}.")
            failed = await store.undelivered(tx, command.id, UNDELIVERED) if view.failed else []
        return replace(view, undelivered=failed)

    async def cancel(self, command: CancelAnnouncement, caller: Caller) -> Empty:
        """Serve cancel-announcement."""
        async with self._db.transaction() as tx:
            if not 0 < command.id < 2**63 or not await store.end(tx, command.id, "cancelled", self._clock.seconds()):
                raise NotFound(f"Announcement {command.id} neither waits nor is being sent.")
            await audit.record(tx, caller, "cancel-announcement", str(command.id))
        return Empty()

    async def support(self, _: GetSupport, caller: Caller) -> SupportView:
        """Serve get-support."""
        settings = self._settings.value
        contact = ContactId(settings.contact)
        if contact:
            async with self._db.reading() as tx:
                if not await store.is_active(tx, contact):
                    contact = ContactId(0)
        return SupportView(contact, settings.email, bool(settings.email) and await self._mail())

    async def write(self, command: WriteToSupport, caller: Caller) -> Empty:
        """Serve write-to-support."""
        text = command.text.strip()
        formats.refuse({"text": "empty" if not text else ("too-long" if len(text) > MAX_LETTER else "")})
        address = self._settings.value.email
        if not address:
            raise NotFound("There is no support address; ask your administrator.")
        self._count(caller.cid)
        async with self._db.reading() as tx:
            name, login = await store.person(tx, caller.cid)
        await self._bus.call(SendLetter(address, "support", {"name": name, "login": login, "text": text}))
        return Empty()

    def _count(self, cid: ContactId) -> None:
        now, sent = self._clock.monotonic(), self._letters[cid]
        while sent and sent[0] <= now - HOUR:
            sent.popleft()
        if len(sent) >= LETTERS:
            raise TooMany(f"You have written {LETTERS} letters to support within an hour; wait for an answer.")
        sent.append(now)
        if len(self._letters) > 10_000:
            recent = {one: times for one, times in self._letters.items() if times and times[-1] > now - HOUR}
            self._letters = defaultdict(deque, recent)

    async def _mail(self) -> bool:
        try:
            return (await self._bus.call(GetMailState(), timeout=2)).on
        except RoschatError:
            # The module with the mail is not installed, or away.
            return False
