import asyncio

import msgspec
import pytest

from roschat.kernel.errors import Denied, Invalid, NotFound, TooLarge
from roschat.modules.server.chats.api import CreateGroup, GetChat, LeaveGroup, PinMessage, SetGroupRole
from roschat.modules.server.messages.api import (
    DeleteMessage,
    EditMessage,
    GetMessages,
    GetMessageVersions,
    MessageChanged,
    SendMessage,
    SetReaction,
)
from roschat.modules.server.messages.editing import react
from roschat.types import ContactId, MessageId, PeerKind
from roschat.wire.conversation import Reaction
from tests.scenarios.messenger import Messenger, Person


async def page(person: Person, cid: int, kind: PeerKind = PeerKind.USER) -> list[dict[str, object]]:
    history = await person.call(GetMessages(cid, kind))
    found: list[dict[str, object]] = msgspec.json.decode(history.messages)
    return found


async def test_an_edit_reaches_everybody_and_the_old_text_is_kept(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    changed: list[MessageChanged] = []
    messenger.bus.subscribe(MessageChanged, changed.append)
    sent = await alice.call(SendMessage(bob.cid, "helo"))
    await bob.call(GetMessages(alice.cid))
    messenger.clock.advance(5)  # type: ignore[attr-defined]
    await alice.call(EditMessage(sent.id, "hello"))
    await alice.call(EditMessage(sent.id, "hello"))
    event = bob.last("message-change-event")
    assert (event.cid, event.id, event.data, event.edited_time) == (alice.cid, sent.id, "hello", sent.time + 5)
    assert event.rev > sent.rev
    assert alice.last("message-change-event").cid == bob.cid
    assert len(changed) == 1
    (shown,) = await page(bob, alice.cid)
    assert (shown["data"], shown["rev"]) == ("hello", event.rev)
    (old,) = await messenger.bus.call(GetMessageVersions(sent.id))
    assert (old.data, old.until, old.by) == ("helo", sent.time + 5, alice.cid)


async def test_only_the_author_edits_and_only_by_the_rules(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    sent = await alice.call(SendMessage(bob.cid, "hello"))
    with pytest.raises(Denied):
        await bob.call(EditMessage(sent.id, "bye"))
    with pytest.raises(NotFound):
        await carol.call(EditMessage(sent.id, "bye"))
    with pytest.raises(NotFound):
        await alice.call(EditMessage(MessageId(10**9), "bye"))
    with pytest.raises(Invalid):
        await alice.call(EditMessage(sent.id, "  "))
    poll = await alice.call(SendMessage(bob.cid, '{"type":"poll","pollId":1,"question":"?"}', data_type="data"))
    with pytest.raises(Denied):
        await alice.call(EditMessage(poll.id, '{"type":"poll","pollId":1,"question":"!"}'))


async def test_a_deleted_message_is_gone_for_all(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    first = await alice.call(SendMessage(bob.cid, "keep"))
    sent = await alice.call(SendMessage(bob.cid, "oops"))
    await alice.call(PinMessage(bob.cid, sent.id))
    assert (await bob.call(GetChat(alice.cid))).pinned_id == sent.id
    with pytest.raises(Denied):
        await bob.call(DeleteMessage(sent.id))
    await alice.call(DeleteMessage(sent.id))
    await alice.call(DeleteMessage(sent.id))
    assert len(bob.heard("message-change-event")) == 1
    event = bob.last("message-change-event")
    assert event.deleted_time
    assert event.data == ""
    chat = await bob.call(GetChat(alice.cid))
    assert chat.pinned_id == 0
    assert chat.unread == 2  # the first message and the notice of the pin
    assert [m["id"] for m in await page(bob, alice.cid) if m["dataType"] == "text"] == [first.id]
    with pytest.raises(NotFound):
        await alice.call(EditMessage(sent.id, "back"))
    with pytest.raises(NotFound):
        await bob.call(SetReaction(sent.id, "👍"))
    (old,) = await messenger.bus.call(GetMessageVersions(sent.id))
    assert old.data == "oops"


async def test_who_leads_a_group_deletes_what_others_wrote(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    group = (await alice.call(CreateGroup("g", [bob.cid, carol.cid]))).cid
    sent = await carol.call(SendMessage(group, "spam", PeerKind.GROUP))
    with pytest.raises(Denied):
        await bob.call(DeleteMessage(sent.id))
    await alice.call(SetGroupRole(group, bob.cid, "admin"))
    await bob.call(DeleteMessage(sent.id))
    assert carol.last("message-change-event").deleted_time
    mine = await carol.call(SendMessage(group, "bye", PeerKind.GROUP))
    await carol.call(LeaveGroup(group))
    with pytest.raises(Denied):
        await carol.call(DeleteMessage(mine.id))


async def test_reactions(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    group = (await alice.call(CreateGroup("g", [bob.cid, carol.cid]))).cid
    sent = await carol.call(SendMessage(group, "news", PeerKind.GROUP))
    await asyncio.gather(alice.call(SetReaction(sent.id, "👍")), bob.call(SetReaction(sent.id, "👍")))
    await bob.call(SetReaction(sent.id, "👍"))
    event = carol.last("message-change-event")
    assert [(r.reaction, sorted(r.cids)) for r in event.reactions] == [("👍", sorted([alice.cid, bob.cid]))]
    await bob.call(SetReaction(sent.id, "👍", on=False))
    assert carol.last("message-change-event").reactions == [Reaction("👍", [alice.cid])]
    assert len(carol.heard("message-change-event")) == 3
    for bad in ("", "a b", "x" * 17, "\n"):
        with pytest.raises(Invalid):
            await bob.call(SetReaction(sent.id, bad))
    (shown, _) = await page(bob, group, PeerKind.GROUP)
    assert shown["reactions"] == [{"reaction": "👍", "cids": [alice.cid]}]


def test_a_message_holds_twenty_different_reactions() -> None:
    reactions: list[Reaction] = []
    for n in range(20):
        reactions = react(reactions, f"r{n}", ContactId(1), True)
    with pytest.raises(TooLarge):
        react(reactions, "r20", ContactId(1), True)
    assert len(react(reactions, "r3", ContactId(2), True)) == 20
    assert len(react(reactions, "r3", ContactId(1), False)) == 19
