import msgspec
import pytest

from roschat.kernel.errors import Denied, Invalid, NotFound
from roschat.modules.server.chats.api import (
    ConversationDeleted,
    CreateGroup,
    DeleteConversation,
    GetChat,
    GetChats,
    GetChatsChanges,
    SetChatOptions,
    SetDraft,
)
from roschat.modules.server.messages.api import EditMessage, GetMessages, GetMessagesChanges, SendMessage, SetReaction
from roschat.types import ContactId, PeerKind, Revision, Seconds
from tests.scenarios.messenger import Messenger

GROUP = PeerKind.GROUP


async def test_options_are_the_members_own(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    await alice.call(SendMessage(bob.cid, "hi"))
    await alice.call(SetChatOptions(bob.cid, pinned=True))
    await alice.call(SetChatOptions(bob.cid, muted_until=Seconds(2_147_483_647)))
    chat = alice.last("chat-change-event").chat
    assert (chat.pinned, chat.archived, chat.muted_until) == (True, False, 2_147_483_647)
    other = await bob.call(GetChat(alice.cid))
    assert (other.pinned, other.muted_until) == (False, 0)
    with pytest.raises(Invalid):
        await alice.call(SetChatOptions(bob.cid, muted_until=Seconds(-1)))
    with pytest.raises(NotFound):
        await alice.call(SetChatOptions(alice.cid, pinned=True))


async def test_a_draft_follows_the_person(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    phone = messenger.session(alice.cid)
    await alice.call(SetDraft(bob.cid, text="dear"))
    assert phone.last("chat-change-event").chat.draft.text == "dear"
    assert alice.events == []
    (chat,) = (await phone.call(GetChats())).chats
    assert chat.draft is not None
    assert chat.draft.time == messenger.clock.seconds()
    assert (await bob.call(GetChats())).chats == []
    rev = (await phone.call(GetChats())).rev
    await phone.call(SetDraft(bob.cid, text=""))
    assert (await alice.call(GetChats())).chats == []
    assert (await alice.call(GetChatsChanges(rev))).removed == [(PeerKind.USER, bob.cid)]
    with pytest.raises(Denied):
        await alice.call(SetDraft(1, text="x"))


async def test_a_deleted_conversation_is_gone_for_one_and_begins_anew(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    told: list[ConversationDeleted] = []
    messenger.bus.subscribe(ConversationDeleted, told.append)
    await alice.call(SendMessage(bob.cid, "old"))
    await bob.call(GetMessages(alice.cid))
    before = (await bob.call(GetChats())).rev
    await bob.call(DeleteConversation(alice.cid))
    assert bob.last("delete-conversation-event").cid == alice.cid
    assert [(t.by, t.cid) for t in told] == [(bob.cid, alice.cid)]
    assert (await bob.call(GetChats())).chats == []
    assert (await bob.call(GetChatsChanges(before))).removed == [(PeerKind.USER, alice.cid)]
    assert bytes((await bob.call(GetMessages(alice.cid))).messages) == b"[]"
    assert (await bob.call(GetMessagesChanges(Revision(0)))).messages == []
    assert len((await alice.call(GetChats())).chats) == 1
    new = await alice.call(SendMessage(bob.cid, "new"))
    (chat,) = (await bob.call(GetChats())).chats
    assert (chat.unread, chat.last and chat.last.id) == (1, new.id)
    page = await bob.call(GetMessages(alice.cid))
    assert [m["data"] for m in msgspec.json.decode(page.messages)] == ["new"]
    assert not page.older


async def test_nobody_hears_of_what_he_has_deleted(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    sent = await alice.call(SendMessage(bob.cid, "old"))
    await bob.call(DeleteConversation(alice.cid))
    await alice.call(EditMessage(sent.id, "older"))
    await alice.call(SetReaction(sent.id, "+"))
    assert bob.heard("message-change-event") == []
    assert len(alice.heard("message-change-event")) == 2
    with pytest.raises(NotFound):
        await bob.call(SetReaction(sent.id, "+"))


async def test_deleting_a_group_leaves_it(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    group = (await alice.call(CreateGroup("g", [bob.cid]))).cid
    await bob.call(DeleteConversation(group, GROUP))
    assert (await bob.call(GetChats())).chats == []
    assert alice.last("chat-change-event").chat.members == 1
    await alice.call(SendMessage(group, "x", GROUP))
    assert (await bob.call(GetChats())).chats == []


async def test_a_conversation_that_has_not_begun_is_empty(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    chat = await alice.call(GetChat(bob.cid))
    assert (chat.cid, chat.last, chat.unread) == (bob.cid, None, 0)
    with pytest.raises(NotFound):
        await alice.call(GetChat(ContactId(10**9)))
    with pytest.raises(NotFound):
        await alice.call(GetChat(5, GROUP))


async def test_the_list_in_one_go(messenger: Messenger) -> None:
    alice = await messenger.person("Alice")
    others = [await messenger.person(f"P{n}") for n in range(5)]
    for other in others:
        await other.call(SendMessage(alice.cid, f"@[{alice.cid}:Alice] hi"))
    await others[1].call(SendMessage(alice.cid, "again"))
    chats = await alice.call(GetChats())
    assert [c.cid for c in chats.chats] == [others[n].cid for n in (1, 4, 3, 2, 0)]
    assert [(c.unread, c.mentions) for c in chats.chats] == [(2, 1), (1, 1), (1, 1), (1, 1), (1, 1)]
    await others[0].call(SendMessage(alice.cid, "more"))
    changed = await alice.call(GetChatsChanges(chats.rev))
    assert [c.cid for c in changed.chats] == [others[0].cid]
    assert (await alice.call(GetChatsChanges(changed.rev))).chats == []
