"""Two devices that listen and one that was away converge: snapshot + events = snapshot + changes = fresh snapshot."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roschat.kernel.errors import Denied, NotFound
from roschat.modules.server.chats.api import (
    AddGroupMembers,
    ChangeGroup,
    ChatView,
    CreateGroup,
    DeleteConversation,
    GetChat,
    GetChats,
    GetChatsChanges,
    LeaveGroup,
    MarkAllWatched,
    PinMessage,
    RemoveGroupMember,
    SetChatOptions,
    SetDraft,
)
from roschat.modules.server.messages.api import (
    DeleteMessage,
    EditMessage,
    GetMessages,
    GetMessagesChanges,
    GetMessagesLastRevision,
    MessageReceived,
    MessageWatched,
    SendMessage,
    SetReaction,
)
from roschat.types import ChatId, ContactId, MessageId, PeerKind, Revision
from roschat.wire.conversation import MessageView
from tests.scenarios.messenger import Messenger, Person, messenger_on

Key = tuple[str, int]
GROUP = PeerKind.GROUP


class Device:
    """What a client remembers: conversations, and all messages of each."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.rev = Revision(0)
        self.chats: dict[Key, ChatView] = {}
        self.messages: dict[Key, dict[int, MessageView]] = {}

    async def load(self) -> None:
        """A fresh snapshot."""
        answer = await self.person.call(GetChats())
        self.rev = answer.rev
        self.chats = {(c.cid_type, c.cid): c for c in answer.chats}
        self.messages = {key: await self.history(key) for key in self.chats}

    async def history(self, key: Key) -> dict[int, MessageView]:
        """All messages of a conversation, page by page."""
        found: dict[int, MessageView] = {}
        end, older = MessageId(0), True
        while older:
            page = await self.person.call(GetMessages(key[1], PeerKind(key[0]), end_id=end, count=7))
            views = msgspec.json.decode(page.messages, type=list[MessageView])
            found.update((v.id, v) for v in views)
            older, end = page.older, views[-1].id if views else end
        return found

    async def catch_up(self) -> None:
        """What changed since the last time."""
        rev, more = self.rev, True
        news: list[MessageView] = []
        while more:
            changes = await self.person.call(GetMessagesChanges(rev, count=5))
            news += changes.messages
            rev, more = changes.rev, changes.more
        for message in news:
            self.take(message)
        chats = await self.person.call(GetChatsChanges(self.rev))
        for kind, cid in chats.removed:
            self.chats.pop((kind, cid), None)
            self.messages.pop((kind, cid), None)
        for chat in chats.chats:
            await self.take_chat(chat)
        self.rev = min(rev, chats.rev)

    def take(self, message: MessageView) -> None:
        """A message as it is now."""
        known = self.messages.setdefault((message.cid_type, message.cid), {})
        if message.deleted_time:
            known.pop(message.id, None)
        elif message.id not in known or known[message.id].rev <= message.rev:
            known[message.id] = message

    async def take_chat(self, chat: ChatView) -> None:
        """A conversation as it is now; one that was not there, or that its reader had left, is read anew."""
        key = (chat.cid_type, chat.cid)
        before = self.chats.get(key)
        self.chats[key] = chat
        if before is None or (before.role == "left" and chat.role != "left"):
            self.messages[key] = await self.history(key)
        self.messages[key] = {n: m for n, m in self.messages.get(key, {}).items() if n > chat.hidden_id}

    async def hear(self) -> None:
        """Apply the events that came, as a listening client does."""
        events, self.person.events = self.person.events, []
        for name, event in events:
            key = (str(event.chat.cid_type), event.chat.cid) if hasattr(event, "chat") else (event.cid_type, event.cid)
            if name == "chat-change-event":
                await self.take_chat(event.chat)
            elif name == "delete-conversation-event":
                self.chats.pop(key, None)
                self.messages.pop(key, None)
            elif key not in self.chats and name == "message-marks-event":
                continue
            elif key not in self.chats:
                await self.take_chat(await self.person.call(GetChat(key[1], PeerKind(key[0]))))
            else:
                self.hear_of_known(name, event, key)

    def hear_of_known(self, name: str, event: Any, key: Key) -> None:
        """An event in a conversation that is in the list."""
        chat = self.chats[key]
        if name == "message-event":
            own = event.sender_id == self.person.cid
            unread = 0 if own else chat.unread + 1
            watched = event.id if own else chat.watched_id
            self.chats[key] = msgspec.structs.replace(chat, unread=unread, watched_id=watched)
            self.take(msgspec.convert(event, MessageView, from_attributes=True))
        elif name == "message-change-event":
            if event.deleted_time and event.id > chat.watched_id:
                self.chats[key] = msgspec.structs.replace(chat, unread=chat.unread - 1)
            self.take(msgspec.convert(event, MessageView, from_attributes=True))
        elif name == "message-marks-event" and event.reader == self.person.cid:
            self.chats[key] = msgspec.structs.replace(chat, unread=event.unread, watched_id=event.watched_id)

    def heard_state(self) -> dict[Key, Any]:
        """What a listener must know right; of a group that he left he hears no more."""
        return {
            key: ("left", "", 0, c.pinned, {})
            if c.role == "left"
            else (c.role, c.name, c.unread, c.pinned, self.messages[key])
            for key, c in self.chats.items()
        }


class World:
    """Three people, a group, and what they may do, each step named by small numbers."""

    def __init__(self, messenger: Messenger) -> None:
        self.messenger = messenger
        self.people: list[Person] = []
        self.ids: list[MessageId] = []
        self.group = ChatId(0)

    async def begin(self) -> None:
        """Everybody is there; the group is made by the second."""
        self.people = [await self.messenger.person(name) for name in ("Ann", "Ben", "Cid")]
        ann, ben, cid = self.people
        self.group = (await ben.call(CreateGroup("g", [ann.cid, cid.cid]))).cid

    async def step(self, what: str, who: int, which: int) -> None:
        """Do one thing; what the rules refuse is no news for anybody."""
        person = self.people[who]
        other = self.people[(who + 1 + which % 2) % 3]
        place: tuple[int, PeerKind] = (self.group, GROUP) if which % 3 else (other.cid, PeerKind.USER)
        message = self.ids[which % len(self.ids)] if self.ids else MessageId(1)
        try:
            await self._do(what, person, other.cid, place, message, which)
        except (Denied, NotFound):
            return

    async def _do(
        self, what: str, person: Person, other: ContactId, place: tuple[int, PeerKind], message: MessageId, which: int
    ) -> None:
        cid, kind = place
        if what == "send":
            text = f"@[{other}:X] {which}" if which % 5 == 0 else str(which)
            self.ids.append((await person.call(SendMessage(cid, text, kind, key=f"{len(self.ids)}"))).id)
        elif what == "edit":
            await person.call(EditMessage(message, f"edited {which} @[{other}:X]"))
        elif what == "delete":
            await person.call(DeleteMessage(message))
        elif what == "react":
            await person.call(SetReaction(message, "+", on=which % 3 > 0))
        elif what == "receive":
            await person.call(MessageReceived(message))
        elif what == "watch":
            await person.call(MessageWatched(message))
        elif what == "watch all":
            await person.call(MarkAllWatched())
        elif what == "leave":
            await person.call(LeaveGroup(self.group))
        elif what == "invite":
            await person.call(AddGroupMembers(self.group, [other]))
        elif what == "remove":
            await person.call(RemoveGroupMember(self.group, other))
        elif what == "rename":
            await person.call(ChangeGroup(self.group, name=f"g{which}"))
        elif what == "forget":
            await person.call(DeleteConversation(cid, kind))
        elif what == "option":
            await person.call(SetChatOptions(cid, kind, pinned=which % 2 == 0))
        elif what == "pin":
            await person.call(PinMessage(cid, message, kind))
        elif what == "draft":
            await person.call(SetDraft(self.group, GROUP, text=str(which) if which % 2 else ""))


STEPS = st.tuples(
    st.sampled_from(
        ["send"] * 6
        + ["edit", "delete", "react", "receive", "watch", "watch all", "leave", "invite", "invite", "remove"]
        + ["rename", "forget", "option", "pin", "draft", "catch up", "catch up"]
    ),
    st.integers(0, 2),
    st.integers(0, 30),
)


@settings(
    max_examples=1500,
    deadline=None,
    derandomize=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=5, max_size=50))
async def test_devices_converge(dsn: str, steps: list[tuple[str, int, int]]) -> None:
    async with messenger_on(dsn, strict=False) as messenger:
        messenger.messages.marks._moment = 0
        world = World(messenger)
        await world.begin()
        ann = world.people[0]
        online = [Device(messenger.session(ann.cid)) for _ in range(2)]
        away = Device(messenger.session(ann.cid))
        for device in (*online, away):
            await device.load()
        for what, who, which in steps:
            if what == "catch up":
                await away.catch_up()
            else:
                await world.step(what, who, which)
            for device in online:
                await device.hear()
        await away.catch_up()
        fresh = Device(messenger.session(ann.cid))
        await fresh.load()
        assert away.chats == fresh.chats
        assert away.messages == fresh.messages
        for device in online:
            assert device.heard_state() == fresh.heard_state()
        assert away.rev == (await ann.call(GetMessagesLastRevision())).rev
        messenger.messages.tails._tails.clear()
        cold = Device(messenger.session(ann.cid))
        await cold.load()
        assert cold.messages == fresh.messages
