import asyncio
from typing import Any

import msgspec
import pytest

from roschat.kernel.errors import Invalid, NotFound
from roschat.modules.server.chats.api import CreateGroup, GetChat, GetChats, LeaveGroup, MarkAllWatched
from roschat.modules.server.messages.api import (
    DeleteMessage,
    GetMessageDetails,
    GetMessages,
    GetMessagesChanges,
    GetMessagesLastRevision,
    MessageReceived,
    MessageWatched,
    SendMessage,
)
from roschat.types import MessageId, PeerKind, Revision
from roschat.wire.message import Command
from tests.scenarios.messenger import Messenger, Person

GROUP = PeerKind.GROUP


async def written(author: Person, cid: int, count: int, kind: PeerKind = PeerKind.USER) -> list[MessageId]:
    sent = await asyncio.gather(*[author.call(SendMessage(cid, str(n), kind)) for n in range(count)])
    return [s.id for s in sent]


@pytest.mark.parametrize("warm", [True, False])
async def test_pages_both_ways(messenger: Messenger, warm: bool) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    ids = await written(alice, bob.cid, 130)
    await alice.call(DeleteMessage(ids[60]))
    del ids[60]
    if warm:
        await bob.call(GetMessages(alice.cid))

    async def page(**bounds: int) -> tuple[list[int], bool, bool]:
        history = await bob.call(GetMessages(alice.cid, **bounds))  # type: ignore[arg-type]
        return [m["id"] for m in msgspec.json.decode(history.messages)], history.older, history.newer

    assert await page() == (ids[:-51:-1], True, False)
    assert await page(count=10) == (ids[:-11:-1], True, False)
    assert await page(end_id=ids[50]) == (ids[49::-1], False, True)
    assert await page(end_id=ids[50], count=50) == (ids[49::-1], False, True)
    assert await page(end_id=ids[120], count=3) == (ids[119:116:-1], True, True)
    assert await page(end_id=ids[0]) == ([], False, False)
    assert await page(begin_id=ids[126]) == (ids[:126:-1], True, False)
    assert await page(begin_id=ids[10], count=5) == (ids[15:10:-1], True, True)
    assert await page(begin_id=ids[10], end_id=ids[14]) == (ids[13:10:-1], True, True)
    assert await page(around=ids[70], count=4) == (ids[71:67:-1], True, True)
    assert await page(around=ids[0], count=4) == (ids[1::-1], False, True)
    for count in (0, -1, 201):
        with pytest.raises(Invalid):
            await page(count=count)


async def test_a_page_from_memory_is_the_page_of_the_database(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    await written(alice, bob.cid, 30)
    await bob.call(GetMessages(alice.cid))
    more = await asyncio.gather(
        *[bob.call(SendMessage(alice.cid, f"@[{alice.cid}:Alice] {n}", key=f"k{n}")) for n in range(200)]
    )
    await bob.call(DeleteMessage(more[150].id))
    for reader, cid in ((alice, bob.cid), (bob, alice.cid)):
        fast = await reader.call(GetMessages(cid))
        messenger.messages.tails._tails.clear()
        slow = await reader.call(GetMessages(cid))
        assert bytes(fast.messages) == bytes(slow.messages)
        assert (fast.older, fast.newer) == (slow.older, slow.newer)
        assert fast.rev <= slow.rev


async def test_strangers_read_nothing(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    group = (await alice.call(CreateGroup("g", [bob.cid]))).cid
    sent = await alice.call(SendMessage(group, "x", GROUP))
    commands: list[Command[Any]] = [
        GetMessages(group, GROUP),
        GetMessageDetails(sent.id),
        MessageWatched(sent.id),
        MessageReceived(sent.id),
        GetMessagesChanges(Revision(0), group, GROUP),
    ]
    for command in commands:
        with pytest.raises(NotFound):
            await carol.call(command)
    assert bytes((await carol.call(GetMessages(bob.cid))).messages) == b"[]"
    changes = await carol.call(GetMessagesChanges(Revision(0)))
    assert changes.messages == []
    assert changes.rev == (await alice.call(GetMessagesLastRevision())).rev
    assert (await carol.call(GetChats())).chats == []


async def test_marks_move_forward_and_are_told(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    phone = messenger.session(bob.cid)
    ids = await written(alice, bob.cid, 3)
    assert (await bob.call(GetChat(alice.cid))).unread == 3
    await bob.call(MessageReceived(ids[2]))
    messenger.clock.advance(10)  # type: ignore[attr-defined]
    await bob.call(MessageWatched(ids[1]))
    event = alice.last("message-marks-event")
    assert (event.cid, event.reader, event.received_id, event.watched_id) == (bob.cid, bob.cid, ids[2], ids[1])
    own = phone.last("message-marks-event")
    assert (own.cid, own.unread, own.watched_id) == (alice.cid, 1, ids[1])
    told = len(alice.events)
    await bob.call(MessageWatched(ids[0]))
    assert len(alice.events) == told
    chat = await alice.call(GetChat(bob.cid))
    assert (chat.peer_received_id, chat.peer_watched_id, chat.unread) == (ids[2], ids[1], 0)
    (first,) = await alice.call(GetMessageDetails(ids[0]))
    assert (first.cid, first.watched_time - first.received_time) == (bob.cid, 10)
    (third,) = await alice.call(GetMessageDetails(ids[2]))
    assert third.received_time > 0
    assert third.watched_time == 0
    # Writing is reading.
    messenger.clock.advance(10)  # type: ignore[attr-defined]
    await bob.call(SendMessage(alice.cid, "ok"))
    assert (await bob.call(GetChat(alice.cid))).unread == 0
    (third,) = await alice.call(GetMessageDetails(ids[2]))
    assert third.watched_time == messenger.clock.seconds()


async def test_marks_in_a_group_reach_the_authors_concerned(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    group = (await alice.call(CreateGroup("g", [bob.cid, carol.cid]))).cid
    await alice.call(SendMessage(group, "old", GROUP))
    sent = await bob.call(SendMessage(group, "new", GROUP))
    await asyncio.gather(carol.call(MessageReceived(sent.id)), carol.call(MessageWatched(sent.id)))
    assert alice.last("message-marks-event").watched_id == sent.id
    assert bob.last("message-marks-event").reader == carol.cid
    newer = await bob.call(SendMessage(group, "newer", GROUP))
    before = len(alice.heard("message-marks-event"))
    await carol.call(MessageWatched(newer.id))
    assert len(alice.heard("message-marks-event")) == before
    assert bob.last("message-marks-event").watched_id == newer.id
    details = {d.cid: d for d in await bob.call(GetMessageDetails(newer.id))}
    assert set(details) == {alice.cid, carol.cid}
    assert details[carol.cid].watched_time > 0
    assert details[alice.cid].watched_time == 0


async def test_unread_counts_neither_deleted_nor_own_messages(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    await bob.call(SendMessage(alice.cid, "first"))
    ids = await written(alice, bob.cid, 4)
    await alice.call(DeleteMessage(ids[1]))
    await alice.call(SendMessage(bob.cid, f"hey @[{bob.cid}:Bob]"))
    chat = await bob.call(GetChat(alice.cid))
    assert (chat.unread, chat.mentions) == (4, 1)
    assert bob.last("message-event").mentioned
    await bob.call(MarkAllWatched())
    chat = await bob.call(GetChat(alice.cid))
    assert (chat.unread, chat.mentions) == (0, 0)
    await bob.call(MarkAllWatched())


async def test_who_left_reads_the_past_and_nothing_after(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    group = (await alice.call(CreateGroup("g", [bob.cid]))).cid
    before = await alice.call(SendMessage(group, "before", GROUP))
    await bob.call(GetMessages(group, GROUP))
    await bob.call(LeaveGroup(group))
    after = await alice.call(SendMessage(group, "after", GROUP))
    assert after.id not in [event.id for event in bob.heard("message-event")]
    seen = msgspec.json.decode((await bob.call(GetMessages(group, GROUP))).messages)
    assert before.id in [m["id"] for m in seen]
    assert after.id not in [m["id"] for m in seen]
    with pytest.raises(NotFound):
        await bob.call(GetMessageDetails(after.id))
    with pytest.raises(NotFound):
        await bob.call(MessageWatched(after.id))
    changes = await bob.call(GetMessagesChanges(Revision(0)))
    assert after.id not in [m.id for m in changes.messages]
    chat = await bob.call(GetChat(group, GROUP))
    assert (chat.role, chat.unread) == ("left", 0)
    assert chat.last is not None
    assert chat.last.id < after.id


async def test_changes_come_in_portions(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    start = (await bob.call(GetMessagesLastRevision())).rev
    ids = await written(alice, bob.cid, 25)
    others = await written(carol, bob.cid, 25)
    await alice.call(DeleteMessage(ids[3]))
    seen: list[int] = []
    rev, more = start, True
    while more:
        changes = await bob.call(GetMessagesChanges(rev, count=10))
        seen += [m.id for m in changes.messages]
        rev, more = changes.rev, changes.more
    assert sorted(seen) == sorted(ids + others)
    assert seen[-1] == ids[3]
    only = await bob.call(GetMessagesChanges(start, carol.cid))
    assert [m.id for m in only.messages] == others
    assert rev == (await bob.call(GetMessagesLastRevision())).rev
