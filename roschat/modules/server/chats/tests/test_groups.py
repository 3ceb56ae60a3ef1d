import msgspec
import pytest

from roschat.kernel.errors import Denied, Invalid, NotFound, TooLarge
from roschat.modules.server.chats.api import (
    AddGroupMembers,
    ChangeGroup,
    ConversationMembers,
    CreateGroup,
    GetChat,
    GetChats,
    GetGroupMembers,
    LeaveGroup,
    MembershipChanged,
    PinMessage,
    RemoveGroupMember,
    SetGroupRole,
)
from roschat.modules.server.messages.api import GetMessages, SendMessage
from roschat.types import ContactId, FileName, PeerKind
from tests.scenarios.messenger import Messenger, Person

GROUP = PeerKind.GROUP


async def roles(person: Person, group: int) -> dict[int, str]:
    return {m.cid: m.role for m in await person.call(GetGroupMembers(group))}  # type: ignore[arg-type]


async def test_a_new_group_is_in_everybodys_list(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Иванова", "Алиса"), await messenger.person("Bob")
    told: list[MembershipChanged] = []
    messenger.bus.subscribe(MembershipChanged, told.append)
    group = (await alice.call(CreateGroup(" Team ", [bob.cid, bob.cid, alice.cid], key="g1"))).cid
    assert (await alice.call(CreateGroup("Team", [bob.cid], key="g1"))).cid == group
    assert [(t.chat, t.added) for t in told] == [(group, [alice.cid, bob.cid])]
    event = bob.last("message-event")
    assert (event.cid, event.cid_type, event.data_type, event.sender_id) == (group, "group", "system", 0)
    body = msgspec.json.decode(event.data)
    assert (body["what"], body["text"]) == ("group-created", "Иванова Алиса создал(а) беседу")
    chat = bob.last("chat-change-event").chat
    assert (chat.cid, chat.name, chat.role, chat.members, chat.unread) == (group, "Team", "member", 2, 1)
    assert alice.last("chat-change-event").chat.role == "owner"
    assert alice.last("chat-change-event").chat.unread == 0
    (listed,) = (await bob.call(GetChats())).chats
    assert listed == chat
    assert listed.last is not None
    assert listed.last.id == event.id


async def test_the_notice_keeps_both_spaces_when_the_name_is_empty(messenger: Messenger) -> None:
    alice, bob = await messenger.person("7000"), await messenger.person("Bob")
    await alice.call(CreateGroup("g", [bob.cid]))
    assert msgspec.json.decode(bob.last("message-event").data)["text"] == "7000  создал(а) беседу"


async def test_members_come_and_go(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    group = (await alice.call(CreateGroup("g", [bob.cid]))).cid
    await alice.call(SendMessage(group, "past", GROUP))
    with pytest.raises(Denied):
        await bob.call(AddGroupMembers(group, [carol.cid]))
    with pytest.raises(NotFound):
        await carol.call(GetGroupMembers(group))
    await alice.call(AddGroupMembers(group, [carol.cid, bob.cid]))
    await alice.call(AddGroupMembers(group, [carol.cid]))
    chat = carol.last("chat-change-event").chat
    assert (chat.role, chat.members, chat.unread) == ("member", 3, 1)
    seen = msgspec.json.decode((await carol.call(GetMessages(group, GROUP))).messages)
    assert "past" in [m["data"] for m in seen]
    await alice.call(RemoveGroupMember(group, carol.cid))
    assert carol.last("chat-change-event").chat.role == "left"
    with pytest.raises(Denied):
        await carol.call(SendMessage(group, "x", GROUP))
    with pytest.raises(NotFound):
        await alice.call(RemoveGroupMember(group, carol.cid))
    assert await roles(bob, group) == {alice.cid: "owner", bob.cid: "member"}
    await alice.call(AddGroupMembers(group, [carol.cid]))
    await carol.call(SendMessage(group, "back", GROUP))
    assert bob.last("message-event").data == "back"
    people = await messenger.bus.call(ConversationMembers(bob.cid, group, GROUP))
    assert set(people) == {alice.cid, bob.cid, carol.cid}


async def test_who_may_remove_whom(messenger: Messenger) -> None:
    alice, bob, carol, dave = [await messenger.person(name) for name in ("Alice", "Bob", "Carol", "Dave")]
    group = (await alice.call(CreateGroup("g", [bob.cid, carol.cid, dave.cid]))).cid
    await alice.call(SetGroupRole(group, bob.cid, "admin"))
    await alice.call(SetGroupRole(group, carol.cid, "admin"))
    for who, whom in ((dave, bob), (bob, carol), (bob, alice), (bob, bob)):
        with pytest.raises(Denied):
            await who.call(RemoveGroupMember(group, whom.cid))
    await bob.call(RemoveGroupMember(group, dave.cid))
    with pytest.raises(Denied):
        await bob.call(SetGroupRole(group, carol.cid, "member"))
    with pytest.raises(Denied):
        await alice.call(SetGroupRole(group, alice.cid, "member"))
    with pytest.raises(Invalid):
        await alice.call(SetGroupRole(group, bob.cid, "king"))
    await alice.call(SetGroupRole(group, bob.cid, "owner"))
    assert await roles(alice, group) == {bob.cid: "owner", alice.cid: "admin", carol.cid: "admin"}


async def test_an_owner_leaves_the_group_to_the_oldest_admin_or_member(messenger: Messenger) -> None:
    alice, bob, carol, dave = [await messenger.person(name) for name in ("Alice", "Bob", "Carol", "Dave")]
    group = (await alice.call(CreateGroup("g", [bob.cid]))).cid
    await alice.call(AddGroupMembers(group, [dave.cid]))
    await alice.call(AddGroupMembers(group, [carol.cid]))
    await alice.call(SetGroupRole(group, carol.cid, "admin"))
    await alice.call(LeaveGroup(group))
    assert await roles(bob, group) == {carol.cid: "owner", bob.cid: "member", dave.cid: "member"}
    assert carol.last("chat-change-event").chat.role == "owner"
    await carol.call(LeaveGroup(group))
    assert (await roles(dave, group))[bob.cid] == "owner"
    await bob.call(LeaveGroup(group))
    await dave.call(LeaveGroup(group))
    assert (await dave.call(GetChat(group, GROUP))).role == "left"
    with pytest.raises(Denied):
        await dave.call(LeaveGroup(group))


async def test_name_avatar_and_pin(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    group = (await alice.call(CreateGroup("g", [bob.cid]))).cid
    with pytest.raises(Denied):
        await bob.call(ChangeGroup(group, name="mine"))
    await alice.call(ChangeGroup(group, name="new", description="about", avatar=FileName("a.png")))
    chat = bob.last("chat-change-event").chat
    assert (chat.name, chat.description, chat.avatar) == ("new", "about", "a.png")
    assert messenger.shared[-1].files == ["a.png"]
    sent = await bob.call(SendMessage(group, "read me", GROUP))
    with pytest.raises(Denied):
        await bob.call(PinMessage(group, sent.id, GROUP))
    await alice.call(PinMessage(group, sent.id, GROUP))
    assert bob.last("chat-change-event").chat.pinned_id == sent.id
    assert msgspec.json.decode(bob.last("message-event").data)["what"] == "message-pinned"
    await alice.call(PinMessage(group, cid_type=GROUP))
    assert bob.last("chat-change-event").chat.pinned_id == 0
    other = await alice.call(SendMessage(bob.cid, "elsewhere"))
    with pytest.raises(NotFound):
        await alice.call(PinMessage(group, other.id, GROUP))


async def test_what_may_not_be_made(messenger: Messenger) -> None:
    alice, gone = await messenger.person("Alice"), await messenger.person("Gone")
    await messenger.deactivate(gone.cid)
    for command, error in (
        (CreateGroup("  "), Invalid),
        (CreateGroup("x" * 201), Invalid),
        (CreateGroup("g", [ContactId(10**9)]), NotFound),
        (CreateGroup("g", [gone.cid]), Denied),
        (CreateGroup("g", [ContactId(1)]), Denied),
        (CreateGroup("g", [ContactId(n) for n in range(10, 5011)]), TooLarge),
    ):
        with pytest.raises(error):
            await alice.call(command)
    assert (await alice.call(GetChats())).chats == []


async def test_bots_hear_nothing_here_but_are_members(messenger: Messenger) -> None:
    alice, bot = await messenger.person("Alice"), await messenger.person("", kind="bot")
    group = (await alice.call(CreateGroup("g", [bot.cid]))).cid
    await bot.call(SendMessage(group, "beep", GROUP))
    assert alice.last("message-event").sender_id == bot.cid
