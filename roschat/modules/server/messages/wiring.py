"""Builds the messages feature and connects it to the bus."""

from roschat.kernel.aio import Tasks
from roschat.kernel.service import Context, Health, State
from roschat.modules.server.chats.api import MembershipChanged
from roschat.modules.server.chats.membership import Chats
from roschat.modules.server.directory.api import ContactChanged
from roschat.modules.server.messages import api
from roschat.modules.server.messages.announcement import Announcement
from roschat.modules.server.messages.editing import Editor
from roschat.modules.server.messages.history import Reader
from roschat.modules.server.messages.marks import Marks
from roschat.modules.server.messages.notices import Notices
from roschat.modules.server.messages.scheduled import Outbox
from roschat.modules.server.messages.sending import Sender
from roschat.modules.server.messages.states import States
from roschat.modules.server.messages.tails import Tails
from roschat.modules.server.messages.writer import Writer
from roschat.wire.process import BusLost, EventsMissed


class MessagesFeature:
    """The running feature; what it holds in memory is shared with the feature `chats`."""

    def __init__(self, context: Context) -> None:
        db, bus, clock = context.db, context.bus, context.clock
        self.chats = Chats(db, clock)
        self.tails = Tails(db, shared=context.shared)
        announcement = Announcement(bus, self.tails)
        self.writer = Writer(db, announcement.stored)
        self.notices = Notices(clock, announcement)
        self.marks = Marks(db, bus, clock, self.chats)
        self.reader = Reader(db, self.chats, self.tails)
        self.states = States(db, self.chats)
        self.sender = Sender(db, bus, clock, self.chats, self.tails, self.writer, announcement)
        self.editor = Editor(db, bus, clock, self.chats, self.tails, announcement)
        self.outbox = Outbox(db, clock, self.chats, self.sender)
        self.tasks = Tasks("server messages")

    async def stop(self) -> None:
        """Answer everybody who waits, then end."""
        await self.tasks.stop()

    async def health(self) -> Health:
        """Messages that pile up are the first sign of a database that is slow or away."""
        if self.writer.waiting > 1000:
            return Health(State.DEGRADED, f"{self.writer.waiting} messages wait for the database; look at its load.")
        return Health()


async def start(context: Context) -> MessagesFeature:
    """Build, serve, subscribe."""
    feature = MessagesFeature(context)
    bus = context.bus
    bus.serve(api.SendMessage, feature.sender.send)
    bus.serve(api.StoreMessage, feature.sender.store)
    bus.serve(api.ForwardMessages, feature.sender.forward)
    bus.serve(api.EditMessage, feature.editor.edit)
    bus.serve(api.DeleteMessage, feature.editor.delete)
    bus.serve(api.SetReaction, feature.editor.react)
    bus.serve(api.MessageReceived, feature.marks.received)
    bus.serve(api.MessageWatched, feature.marks.watched)
    bus.serve(api.GetMessageDetails, feature.reader.details)
    bus.serve(api.GetMessages, feature.reader.page)
    bus.serve(api.GetMessagesChanges, feature.reader.changes)
    bus.serve(api.GetMessagesLastRevision, feature.reader.last_revision)
    bus.serve(api.GetMessageVersions, feature.reader.versions)
    bus.serve(api.MessageStates, feature.states.of)
    bus.serve(api.GetStateChanges, feature.states.changes)
    bus.serve(api.ScheduleMessage, feature.outbox.schedule)
    bus.serve(api.GetScheduledMessages, feature.outbox.list)
    bus.serve(api.DeleteScheduledMessage, feature.outbox.delete)

    def membership_changed(event: MembershipChanged) -> None:
        feature.chats.forget(event.chat)

    def contact_changed(event: ContactChanged) -> None:
        feature.chats.forget_contact(event.contact.cid)

    def bus_lost(_: BusLost) -> None:
        feature.chats.trust(False)

    def events_missed(_: EventsMissed) -> None:
        feature.chats.trust(True)

    bus.subscribe(MembershipChanged, membership_changed)
    bus.subscribe(BusLost, bus_lost)
    bus.subscribe(EventsMissed, events_missed)
    bus.subscribe(ContactChanged, contact_changed)
    waiting = context.metrics.gauge("queue_messages", "Messages that wait for the database")
    waiting.set_function(lambda: feature.writer.waiting)
    feature.tasks.spawn(feature.writer.storing(), "storing messages")
    feature.tasks.spawn(feature.writer.telling(), "telling of messages")
    feature.tasks.spawn(feature.marks.storing(), "storing marks")
    feature.tasks.spawn(context.leases.hold("server.messages.scheduled", feature.outbox.sending), "scheduled messages")
    return feature
