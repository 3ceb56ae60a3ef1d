import asyncio

import msgspec
import pytest

from roschat.kernel.errors import Denied, Invalid, NotFound, TooLarge, TooMany
from roschat.modules.server.files.api import ShareFiles
from roschat.modules.server.messages.api import (
    ForwardMessages,
    GetMessages,
    History,
    MaySendMessage,
    MessagesStored,
    SendMessage,
    StoreMessage,
)
from roschat.types import MessageId, PeerKind
from tests.scenarios.messenger import Messenger


def texts(history: History) -> list[str]:
    return [m["data"] for m in msgspec.json.decode(history.messages)]


async def test_a_message_reaches_the_other_and_the_authors_other_devices(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    phone = messenger.session(alice.cid)

    sent = await alice.call(SendMessage(bob.cid, "hi", key="k1"))

    got = bob.last("message-event")
    assert (got.cid, got.id, got.data, got.sender_id, got.key) == (alice.cid, sent.id, "hi", alice.cid, "")
    own = phone.last("message-event")
    assert (own.cid, own.id, own.data, own.sender_id, own.key) == (bob.cid, sent.id, "hi", alice.cid, "k1")
    assert alice.events == []
    assert int(sent.rev) == sent.id
    assert sent.time == messenger.clock.seconds()


async def test_a_resend_answers_the_same_and_is_stored_once(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    first = await alice.call(SendMessage(bob.cid, "hi", key="k1"))
    messenger.clock.advance(60)  # type: ignore[attr-defined]
    again = await alice.call(SendMessage(bob.cid, "hi", key="k1"))
    assert again == first
    at_once = await asyncio.gather(*[alice.call(SendMessage(bob.cid, "both", key="k2")) for _ in range(5)])
    assert len({sent.id for sent in at_once}) == 1
    other = await bob.call(SendMessage(alice.cid, "mine", key="k1"))
    assert other.id not in {first.id, at_once[0].id}
    assert texts(await alice.call(GetMessages(bob.cid))) == ["mine", "both", "hi"]
    assert len(bob.heard("message-event")) == 2


async def test_many_at_once_keep_the_order_of_each_author(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    told: list[int] = []
    messenger.bus.subscribe(MessagesStored, lambda event: told.extend(m.id for m in event.messages))
    await asyncio.gather(
        *[alice.call(SendMessage(bob.cid, f"a{n}")) for n in range(300)],
        *[carol.call(SendMessage(bob.cid, f"c{n}")) for n in range(300)],
    )
    seen = [event.data for event in bob.heard("message-event")]
    assert [text for text in seen if text[0] == "a"] == [f"a{n}" for n in range(300)]
    assert [text for text in seen if text[0] == "c"] == [f"c{n}" for n in range(300)]
    assert told == sorted(told)
    assert len(told) == 600
    async with messenger.db.reading() as tx:
        dense = await tx.value(
            "select bool_and(last_seq = (select count(*) from server.message m where m.chat = c.id) and last_seq ="
            " (select max(seq) from server.message m where m.chat = c.id)) from server.chat c"
        )
    assert dense


async def test_nobody_writes_to_a_stranger_the_server_or_a_deactivated_contact(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    with pytest.raises(NotFound):
        await alice.call(SendMessage(999_999, "hi"))
    with pytest.raises(Denied):
        await alice.call(SendMessage(1, "hi"))
    with pytest.raises(NotFound):
        await alice.call(SendMessage(77, "hi", PeerKind.GROUP))
    await messenger.deactivate(bob.cid)
    with pytest.raises(Denied):
        await alice.call(SendMessage(bob.cid, "hi"))


async def test_somebody_may_keep_messages_for_himself(messenger: Messenger) -> None:
    alice = await messenger.person("Alice")
    phone = messenger.session(alice.cid)
    await alice.call(SendMessage(alice.cid, "note"))
    assert phone.last("message-event").cid == alice.cid
    assert len(phone.events) == 1
    assert texts(await phone.call(GetMessages(alice.cid))) == ["note"]


@pytest.mark.parametrize(
    ("data_type", "data", "error"),
    [
        ("text", "", Invalid),
        ("text", " \n\t", Invalid),
        ("text", "a\0b", Invalid),
        ("text", "x" * 20_001, TooLarge),
        ("data", "no json", Invalid),
        ("data", "[]", Invalid),
        ("data", '{"text":"x"}', Invalid),
        ("data", '{"type":"text"}', Invalid),
        ("data", '{"type":"text","text":" "}', Invalid),
        ("data", '{"type":"image","name":"x"}', Invalid),
        ("data", '{"type":"image","file":""}', Invalid),
        ("data", '{"type":"location","latitude":91,"longitude":0}', Invalid),
        ("data", '{"type":"system","what":"x","text":"y"}', Invalid),
        ("data", '{"type":"text","text":"hi","entities":[{"type":"bold","offset":0,"length":3}]}', Invalid),
        ("data", '{"type":"text","text":"hi","entities":[{"type":"blink","offset":0,"length":1}]}', Invalid),
        (
            "data",
            '{"type":"text","text":"hi","entities":[{"type":"link","offset":0,"length":2,"url":"javascript:x"}]}',
            Invalid,
        ),
        ("data", '{"type":"text","text":"hi","keyboard":[[{"text":"b","link":"file:///etc"}]]}', Invalid),
        ("system", "{}", Invalid),
        ("voodoo", "x", Invalid),
    ],
)
async def test_what_may_not_be_written(messenger: Messenger, data_type: str, data: str, error: type[Exception]) -> None:
    alice = await messenger.person("Alice")
    with pytest.raises(error):
        await alice.call(SendMessage(alice.cid, data, data_type=data_type))


async def test_bodies_are_kept_as_they_were_written(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    for body in (
        '{"type":"publication","chId":7,"pubId":3}',
        '{"type":"from-the-future","x":[1, 2]}',
        '{"type":"text","text":"😀 hi","entities":[{"type":"bold","offset":3,"length":2}],"keyboard":[[{"text":"b"}]]}',
        '{"type":"location","latitude":"55.7","longitude":"37.6"}',
    ):
        await alice.call(SendMessage(bob.cid, body, data_type="data"))
        assert bob.last("message-event").data == body
        assert bob.last("message-event").data_type == "data"


async def test_files_are_shared_before_the_message(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    body = '{"type":"image","name":"x","extension":"png","file":"a.png","previewFile":"b.png"}'
    await alice.call(SendMessage(bob.cid, body, data_type="data"))
    (shared,) = messenger.shared
    assert isinstance(shared, ShareFiles)
    assert (shared.by, shared.files) == (alice.cid, ["a.png", "b.png"])
    for name, error in (("foreign.png", Denied), ("unknown.png", NotFound)):
        with pytest.raises(error):
            await alice.call(SendMessage(bob.cid, body.replace("a.png", name), data_type="data"))
    assert len(bob.events) == 1


async def test_unstored_notices_pass_by_and_are_limited(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    typing = SendMessage(bob.cid, '{"type":"message-writing"}', data_type="unstored")
    sent = await alice.call(typing)
    assert sent.id == 0
    assert bob.last("message-event").data == '{"type":"message-writing"}'
    for _ in range(7):
        await alice.call(typing)
    with pytest.raises(TooMany):
        await alice.call(typing)
    messenger.clock.advance(10)  # type: ignore[attr-defined]
    await alice.call(typing)
    assert texts(await bob.call(GetMessages(alice.cid))) == []


async def test_a_reply_names_a_message_of_the_same_conversation(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    sent = await alice.call(SendMessage(bob.cid, "hi"))
    await bob.call(SendMessage(alice.cid, "yes", reply_id=sent.id))
    assert alice.last("message-event").reply_id == sent.id
    await alice.call(GetMessages(bob.cid))
    await bob.call(SendMessage(alice.cid, "yes", reply_id=sent.id))
    with pytest.raises(NotFound):
        await carol.call(SendMessage(bob.cid, "me too", reply_id=sent.id))


async def test_a_hook_may_forbid(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")

    async def no_secrets(question: MaySendMessage) -> None:
        if "secret" in question.data:
            raise Denied("No secrets.")

    messenger.bus.answer(MaySendMessage, no_secrets)
    with pytest.raises(Denied):
        await alice.call(SendMessage(bob.cid, "a secret"))
    await alice.call(SendMessage(bob.cid, "hi"))
    assert [event.data for event in bob.heard("message-event")] == ["hi"]


async def test_modules_write_as_somebody(messenger: Messenger) -> None:
    bot, bob = await messenger.person("", kind="bot"), await messenger.person("Bob")
    await messenger.bus.call(StoreMessage(bot.cid, bob.cid, "beep"))
    assert bob.last("message-event").sender_id == bot.cid
    with pytest.raises(Invalid):
        await bob.call(SendMessage(bot.cid, "x", key="=mine"))


async def test_forwarding_names_the_first_author(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    first = await alice.call(SendMessage(bob.cid, "one"))
    second = await alice.call(SendMessage(bob.cid, "two"))
    (copy, _) = await bob.call(ForwardMessages([first.id, second.id], carol.cid, key="f"))
    assert (await bob.call(ForwardMessages([first.id, second.id], carol.cid, key="f")))[0] == copy
    got = carol.heard("message-event")
    assert [event.data for event in got] == ["one", "two"]
    assert got[0].forwarded.cid == alice.cid
    assert got[0].forwarded.id == first.id
    await carol.call(ForwardMessages([copy.id], alice.cid))
    assert alice.last("message-event").forwarded.cid == alice.cid
    with pytest.raises(NotFound):
        await carol.call(ForwardMessages([first.id], alice.cid))
    with pytest.raises(TooLarge):
        await bob.call(ForwardMessages([MessageId(n) for n in range(1, 200)], carol.cid))
