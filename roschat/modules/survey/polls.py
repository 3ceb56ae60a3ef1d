"""Polls: asking, answering, closing, and who may.

The conversation is the server's: who may write there is asked by writing the message, who may look by asking for the
members. A poll is closed when somebody closed it or its time has come, whether or not that was written down yet.
"""

from collections.abc import Callable, Sequence

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Denied, NotFound, RoschatError, Unavailable
from roschat.modules.server.chats.api import ConversationMembers
from roschat.modules.server.messages.api import StoreMessage
from roschat.modules.survey import rules, store
from roschat.modules.survey.api import CreatePoll, PollEvent, PollOption, PollView
from roschat.types import ContactId, PeerKind, Seconds
from roschat.wire.conversation import Body, PollBody
from roschat.wire.delivery import deliver

_encode = msgspec.json.Encoder().encode


class Polls:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, clock: Clock) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self.on_closing: Callable[[], None] = lambda: None
        """Told when a poll with a closing time was made."""

    async def create(self, author: ContactId, wanted: CreatePoll) -> PollView:
        """Ask a conversation. A key that was used answers the poll it made, finishing it when it broke off."""
        question = rules.checked_question(wanted.question)
        options = rules.checked_options(wanted.options)
        key = rules.checked_key(wanted.key)
        async with self._db.reading() as tx:
            known = await store.by_key(tx, author, key)
        if known is None:
            now = self._clock.seconds()
            closes = rules.checked_closing(wanted.closes_time, now)
            async with self._db.transaction() as tx:
                known = await store.add(
                    tx, author, wanted.cid, wanted.cid_type, question, options, wanted.several, wanted.anonymous,
                    closes, key, now,
                ) or await store.by_key(tx, author, key)  # fmt: skip
        if known is None:
            raise Unavailable("The poll could not be stored; send it again.")
        if not known.message_id:
            await self._write(known)
        if known.closes:
            self.on_closing()
        async with self._db.reading() as tx:
            return self._view(await self._found(tx, known.id), await store.votes(tx, known.id), author)

    async def get(self, cid: ContactId, number: int) -> PollView:
        """A poll of a conversation the caller is in."""
        poll, _ = await self._reach(cid, number)
        async with self._db.reading() as tx:
            return self._view(poll, await store.votes(tx, number), cid)

    async def vote(self, cid: ContactId, number: int, options: Sequence[int]) -> PollView:
        """Answer, answer anew, or take an answer back. Raises Denied when the poll is closed."""
        _, members = await self._reach(cid, number)
        async with self._db.transaction() as tx:
            poll = await self._found(tx, number, lock=True)
            if self._is_closed(poll):
                raise Denied(f"The poll {number} is closed; it takes no more answers.")
            answer = rules.checked_answer(options, len(poll.options), poll.several)
            before = [vote.option for vote in await store.votes(tx, number) if vote.cid == cid]
            if answer != before:
                await store.answer(tx, number, cid, answer)
                await self._tell(tx, number, members)
            return self._view(await self._found(tx, number), await store.votes(tx, number), cid)

    async def close(self, cid: ContactId, number: int) -> None:
        """Take no more answers; for the author."""
        poll, members = await self._reach(cid, number)
        if poll.author != cid:
            raise Denied(f"The poll {number} is not yours; its author may close it.")
        async with self._db.transaction() as tx:
            if await store.close(tx, number, self._clock.seconds()):
                await self._tell(tx, number, members)

    async def close_due(self) -> int:
        """Close polls whose time has come and tell those who are still in the conversation; answers how many."""
        async with self._db.reading() as tx:
            due = await store.due(tx, self._clock.seconds(), 100)
        for number in due:
            members = await self._present(number)
            async with self._db.transaction() as tx:
                poll = await self._found(tx, number, lock=True)
                if await store.close(tx, number, poll.closes):
                    await self._tell(tx, number, members)
        return len(due)

    async def next_closing(self) -> Seconds | None:
        """When the next poll closes by itself."""
        async with self._db.reading() as tx:
            return await store.next_closing(tx)

    async def _write(self, poll: store.Poll) -> None:
        body: Body = PollBody(poll_id=poll.id, question=poll.question)
        try:
            sent = await self._bus.call(
                StoreMessage(
                    sender=poll.author,
                    cid=poll.cid,
                    cid_type=poll.cid_type,
                    data=_encode(body).decode(),
                    data_type="data",
                    key=f"poll-{poll.id}",
                )
            )
        except Unavailable:
            raise  # perhaps it was written: the next try with the same key finds out
        except RoschatError:
            async with self._db.reading() as tx:
                await store.forget(tx, poll.id)
            raise
        async with self._db.reading() as tx:
            await store.written(tx, poll.id, sent.id)

    async def _reach(self, cid: ContactId, number: int) -> tuple[store.Poll, list[ContactId]]:
        """The one access function: the poll and who is in its conversation. Raises NotFound for all others."""
        async with self._db.reading() as tx:
            poll = await self._found(tx, number)
        members = await self._members(poll, cid)
        if cid not in members:
            raise NotFound(f"There is no poll {number}.")
        return poll, members

    async def _members(self, poll: store.Poll, viewer: ContactId) -> list[ContactId]:
        cid = poll.cid
        if poll.cid_type is PeerKind.USER:
            if viewer not in (poll.author, poll.cid):
                return []
            cid = poll.cid if viewer == poll.author else poll.author
        try:
            return await self._bus.call(ConversationMembers(viewer=viewer, cid=cid, cid_type=poll.cid_type))
        except NotFound:
            return []

    async def _present(self, number: int) -> list[ContactId]:
        """The members, asked through the author or, when he left, through those who answered."""
        async with self._db.reading() as tx:
            poll = await self._found(tx, number)
        async with self._db.reading() as tx:
            voters = dict.fromkeys(vote.cid for vote in await store.votes(tx, number))
        for viewer in [poll.author, *list(voters)[:20]]:
            if members := await self._members(poll, viewer):
                return members
        return []

    async def _found(self, tx: Transaction, number: int, *, lock: bool = False) -> store.Poll:
        poll = await store.poll(tx, number, lock=lock)
        if poll is None:
            raise NotFound(f"There is no poll {number}.")
        return poll

    async def _tell(self, tx: Transaction, number: int, members: list[ContactId]) -> None:
        view = self._view(await self._found(tx, number), await store.votes(tx, number), None)
        if members:
            tx.emit(deliver(PollEvent(view), members))

    def _is_closed(self, poll: store.Poll) -> bool:
        return poll.closed > 0 or 0 < poll.closes <= self._clock.seconds()

    def _view(self, poll: store.Poll, votes: list[store.Vote], reader: ContactId | None) -> PollView:
        chosen: list[list[ContactId]] = [[] for _ in poll.options]
        for vote in votes:
            chosen[vote.option].append(vote.cid)
        return PollView(
            poll_id=poll.id,
            question=poll.question,
            options=[
                PollOption(text, len(by), [] if poll.anonymous else by)
                for text, by in zip(poll.options, chosen, strict=True)
            ],
            author=poll.author,
            message_id=poll.message_id,
            several=poll.several,
            anonymous=poll.anonymous,
            closes_time=poll.closes,
            closed=self._is_closed(poll),
            voted=len({vote.cid for vote in votes}),
            mine=[vote.option for vote in votes if vote.cid == reader],
            rev=poll.rev,
        )
