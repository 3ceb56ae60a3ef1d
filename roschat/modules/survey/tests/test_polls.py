"""Polls on a real database; conversations are served by a small server of the same two commands."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import msgspec
import pytest

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import ManualClock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError, TooLarge, Unavailable
from roschat.modules.server.chats.api import ConversationMembers
from roschat.modules.server.messages.api import Sent, StoreMessage
from roschat.modules.survey.api import CreatePoll, PollView
from roschat.modules.survey.closing import Closing
from roschat.modules.survey.polls import Polls
from roschat.types import ContactId, MessageId, PeerKind, Seconds
from roschat.wire.delivery import Delivery
from roschat.wire.message import Caller

ALICE, BOB, CAROL, DAVE = (ContactId(n) for n in (2001, 2002, 2003, 2004))
GROUP = 7


@dataclass
class Place:
    db: Database
    polls: Polls
    clock: ManualClock
    members: list[ContactId]
    stored: dict[str, StoreMessage] = field(default_factory=dict)
    news: list[Delivery] = field(default_factory=list)
    error: RoschatError | None = None
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, **more: object) -> PollView:
        wanted = {"cid": GROUP, "cid_type": PeerKind.GROUP, "question": "Когда?", "options": ["пн", "вт", "ср"], **more}
        return await self.polls.create(ALICE, CreatePoll(**wanted))  # type: ignore[arg-type]

    def last(self) -> dict[str, object]:
        event: dict[str, dict[str, object]] = msgspec.json.decode(self.news[-1].payload)
        return event["poll"]

    async def count(self) -> int:
        async with self.db.reading() as tx:
            return int(await tx.value("SELECT count(*) FROM survey.poll"))


@pytest.fixture
async def place(dsn: str) -> AsyncIterator[Place]:
    bus, clock = LocalBus(), ManualClock()
    db = Database(dsn, bus)
    await db.open()
    here = Place(db, Polls(db, bus, clock), clock, [ALICE, BOB, CAROL])

    async def members(command: ConversationMembers, caller: Caller) -> list[ContactId]:
        if command.cid_type is PeerKind.USER:
            return [command.viewer, ContactId(command.cid)]
        if command.cid != GROUP or command.viewer not in here.members:
            raise NotFound("no such group")
        return here.members

    async def write(command: StoreMessage, caller: Caller) -> Sent:
        if here.error is not None:
            raise here.error
        here.stored.setdefault(command.key, command)
        return Sent(MessageId(100 + list(here.stored).index(command.key)))

    def hear(delivery: Delivery) -> None:
        here.news.append(delivery)
        here.heard.set()

    bus.serve(ConversationMembers, members)
    bus.serve(StoreMessage, write)
    bus.subscribe(Delivery, hear)
    yield here
    await db.close()


async def test_a_poll_is_carried_by_a_message(place: Place) -> None:
    poll = await place.ask(question="  Когда? ")
    (message,) = place.stored.values()
    assert json.loads(message.data) == {"type": "poll", "pollId": poll.poll_id, "question": "Когда?"}
    assert (message.sender, message.cid, message.cid_type, message.data_type) == (ALICE, GROUP, PeerKind.GROUP, "data")
    assert (poll.message_id, poll.question, poll.author, poll.voted, poll.closed) == (100, "Когда?", ALICE, 0, False)
    assert [option.text for option in poll.options] == ["пн", "вт", "ср"]
    assert await place.polls.get(BOB, poll.poll_id) == poll


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": " "},
        {"question": "\0"},
        {"options": []},
        {"options": ["one"]},
        {"options": ["one", " one "]},
        {"options": ["one", " "]},
        {"options": [str(n) for n in range(21)]},
        {"closes_time": 1_699_999_999},
        {"closes_time": 1_800_000_000},
        {"key": "k" * 65},
    ],
)
async def test_what_a_poll_may_not_say(place: Place, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        await place.ask(**wrong)
    assert await place.count() == 0
    assert not place.stored


async def test_texts_have_limits(place: Place) -> None:
    with pytest.raises(TooLarge):
        await place.ask(question="x" * 301)
    with pytest.raises(TooLarge):
        await place.ask(options=["a", "x" * 201])


async def test_a_repeated_key_is_the_same_poll(place: Place) -> None:
    polls = await asyncio.gather(*(place.ask(key="k") for _ in range(4)))
    assert len({poll.poll_id for poll in polls}) == 1
    assert len(place.stored) == 1
    assert (await place.ask(key="other")).poll_id != polls[0].poll_id


async def test_a_poll_whose_message_is_refused_is_no_poll(place: Place) -> None:
    place.error = Denied("not a member")
    with pytest.raises(Denied):
        await place.ask()
    assert await place.count() == 0


async def test_a_poll_that_broke_off_is_finished_by_the_next_try(place: Place) -> None:
    place.error = Unavailable("away")
    with pytest.raises(Unavailable):
        await place.ask(key="k")
    place.error = None
    assert (await place.ask(key="k")).message_id == 100
    assert await place.count() == 1


async def test_one_answer_and_its_change(place: Place) -> None:
    number = (await place.ask()).poll_id
    poll = await place.polls.vote(BOB, number, [1])
    assert ([option.votes for option in poll.options], poll.mine, poll.voted) == ([0, 1, 0], [1], 1)
    poll = await place.polls.vote(BOB, number, [2, 2])
    assert ([option.votes for option in poll.options], poll.mine, poll.voted) == ([0, 0, 1], [2], 1)
    assert poll.options[2].voters == [BOB]
    poll = await place.polls.vote(BOB, number, [])
    assert ([option.votes for option in poll.options], poll.mine, poll.voted) == ([0, 0, 0], [], 0)
    with pytest.raises(Invalid, match="takes one"):
        await place.polls.vote(BOB, number, [0, 1])
    for wrong in (-1, 3):
        with pytest.raises(Invalid, match=str(wrong)):
            await place.polls.vote(BOB, number, [wrong])


async def test_several_answers(place: Place) -> None:
    number = (await place.ask(several=True)).poll_id
    await place.polls.vote(BOB, number, [2, 0])
    poll = await place.polls.vote(CAROL, number, [0])
    assert ([option.votes for option in poll.options], poll.voted, poll.mine) == ([2, 0, 1], 2, [0])


async def test_members_hear_the_live_result(place: Place) -> None:
    number = (await place.ask()).poll_id
    await place.polls.vote(BOB, number, [1])
    assert set(place.news[-1].audience) == {ALICE, BOB, CAROL}
    assert place.news[-1].name == "poll-event"
    poll = place.last()
    assert poll["options"] == [{"text": "пн"}, {"text": "вт", "votes": 1, "voters": [BOB]}, {"text": "ср"}]
    assert "mine" not in poll
    first = poll["rev"]
    await place.polls.vote(CAROL, number, [1])
    assert place.last()["rev"] > first  # type: ignore[operator]
    heard = len(place.news)
    await place.polls.vote(CAROL, number, [1])
    assert len(place.news) == heard


async def test_an_anonymous_poll_names_nobody(place: Place) -> None:
    number = (await place.ask(anonymous=True)).poll_id
    poll = await place.polls.vote(BOB, number, [1])
    assert (poll.options[1].votes, poll.options[1].voters, poll.mine) == (1, [], [1])
    seen = await place.polls.get(ALICE, number)
    assert all(not option.voters for option in seen.options)
    assert "voters" not in json.dumps(place.last())


async def test_strangers_see_no_poll(place: Place) -> None:
    number = (await place.ask()).poll_id
    for call in (place.polls.get(DAVE, number), place.polls.vote(DAVE, number, [0]), place.polls.close(DAVE, number)):
        with pytest.raises(NotFound):
            await call
    with pytest.raises(NotFound):
        await place.polls.get(ALICE, 999)
    place.members.remove(BOB)
    with pytest.raises(NotFound):
        await place.polls.vote(BOB, number, [0])


async def test_a_poll_between_two(place: Place) -> None:
    number = (await place.ask(cid=BOB, cid_type=PeerKind.USER)).poll_id
    await place.polls.vote(BOB, number, [0])
    assert set(place.news[-1].audience) == {ALICE, BOB}
    assert (await place.polls.get(ALICE, number)).voted == 1
    with pytest.raises(NotFound):
        await place.polls.get(CAROL, number)


async def test_its_author_closes_it(place: Place) -> None:
    number = (await place.ask()).poll_id
    with pytest.raises(Denied):
        await place.polls.close(BOB, number)
    await place.polls.close(ALICE, number)
    assert place.last()["closed"] is True
    with pytest.raises(Denied, match="closed"):
        await place.polls.vote(BOB, number, [0])
    heard = len(place.news)
    await place.polls.close(ALICE, number)
    assert len(place.news) == heard


async def test_it_closes_by_the_clock(place: Place) -> None:
    number = (await place.ask(closes_time=Seconds(place.clock.seconds() + 60))).poll_id
    place.clock.advance(59)
    await place.polls.vote(BOB, number, [0])
    assert await place.polls.close_due() == 0
    place.clock.advance(1)
    assert (await place.polls.get(BOB, number)).closed
    with pytest.raises(Denied):
        await place.polls.vote(BOB, number, [1])
    assert await place.polls.close_due() == 1
    assert place.last()["closed"] is True
    assert await place.polls.close_due() == 0


async def test_the_end_is_told_when_the_author_has_left(place: Place) -> None:
    number = (await place.ask(closes_time=Seconds(place.clock.seconds() + 60))).poll_id
    await place.polls.vote(BOB, number, [0])
    place.members.remove(ALICE)
    place.clock.advance(60)
    await place.polls.close_due()
    assert set(place.news[-1].audience) == {BOB, CAROL}


async def test_the_loop_wakes_for_a_new_poll(place: Place) -> None:
    closing = asyncio.create_task(Closing(place.polls, place.clock).run())
    try:
        await place.ask(closes_time=Seconds(place.clock.seconds() + 1))
        place.clock.advance(1)
        place.polls.on_closing()
        await asyncio.wait_for(place.heard.wait(), 5)
        assert place.last()["closed"] is True
    finally:
        closing.cancel()


async def test_votes_at_once_are_all_counted(place: Place) -> None:
    place.members.extend(ContactId(n) for n in range(3000, 3020))
    number = (await place.ask()).poll_id
    await asyncio.gather(*(place.polls.vote(ContactId(n), number, [n % 3]) for n in range(3000, 3020)))
    assert (await place.polls.get(ALICE, number)).voted == 20
    revs = [msgspec.json.decode(d.payload)["poll"]["rev"] for d in place.news]
    assert sorted(revs) == list(range(2, 22))
