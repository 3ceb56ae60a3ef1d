"""What has become of messages, as bots ask for it."""

import pytest

from roschat.kernel.errors import NotFound
from roschat.modules.server.chats.api import CreateGroup
from roschat.modules.server.messages.api import (
    DeleteMessage,
    EditMessage,
    GetStateChanges,
    MessageReceived,
    MessageStates,
    MessageWatched,
    SendMessage,
)
from roschat.types import MessageId, PeerKind, Revision
from tests.scenarios.messenger import Messenger


async def test_the_first_reader_counts_and_not_the_author(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    group = (await alice.call(CreateGroup("g", [bob.cid, carol.cid]))).cid
    first = (await alice.call(SendMessage(group, "one", PeerKind.GROUP))).id
    second = (await alice.call(SendMessage(group, "two", PeerKind.GROUP))).id
    start = messenger.clock.seconds()
    await alice.call(MessageWatched(second))
    for state in await alice.call(MessageStates([first, second])):
        assert (state.received_time, state.watched_time) == (0, 0)
        assert (state.cid, state.cid_type, state.sender) == (group, PeerKind.GROUP, alice.cid)
    messenger.clock.advance(5)  # type: ignore[attr-defined]
    await bob.call(MessageReceived(second))
    messenger.clock.advance(5)  # type: ignore[attr-defined]
    await carol.call(MessageWatched(first))
    one, two = await alice.call(MessageStates([second, first]))
    assert (one.id, one.received_time, one.watched_time) == (first, start + 5, start + 10)
    assert (two.id, two.received_time, two.watched_time) == (second, start + 5, 0)
    changed = await alice.call(GetStateChanges(group, PeerKind.GROUP, two.rev))
    assert [(state.id, state.rev) for state in changed if state.data_type == "text"] == [(first, one.rev)]
    # A further reader is no news.
    await bob.call(MessageWatched(first))
    assert await alice.call(GetStateChanges(group, PeerKind.GROUP, one.rev)) == []


async def test_changes_come_in_their_order_and_within_bounds(messenger: Messenger) -> None:
    alice, bob, carol = [await messenger.person(name) for name in ("Alice", "Bob", "Carol")]
    assert await alice.call(GetStateChanges(bob.cid)) == []
    ids = [(await alice.call(SendMessage(bob.cid, f"m{n}"))).id for n in range(4)]
    assert [state.id for state in await alice.call(GetStateChanges(bob.cid))] == ids
    await alice.call(EditMessage(ids[0], "edited"))
    await alice.call(DeleteMessage(ids[1]))
    states = await alice.call(GetStateChanges(bob.cid))
    assert [state.id for state in states] == [ids[2], ids[3], ids[0], ids[1]]
    assert states[-1].deleted_time
    assert states[-2].data == "edited"
    after = await alice.call(GetStateChanges(bob.cid, min_rev=Revision(ids[3])))
    assert [state.id for state in after] == [ids[0], ids[1]]
    assert [s.id for s in await alice.call(GetStateChanges(bob.cid, end_id=MessageId(ids[0])))] == [ids[0]]
    # Bob answers, and so has read everything.
    answer = await bob.call(SendMessage(alice.cid, "answer"))
    found = await alice.call(GetStateChanges(bob.cid, min_rev=states[-1].rev))
    assert {state.id for state in found} == {*ids, answer.id}
    assert all(state.watched_time for state in found if state.id in ids)
    assert await carol.call(MessageStates(ids)) == []
    with pytest.raises(NotFound):
        await carol.call(GetStateChanges(999, PeerKind.GROUP))
