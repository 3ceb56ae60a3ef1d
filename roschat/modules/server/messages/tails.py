"""The newest messages of busy conversations, kept in memory, so that opening a conversation costs no database.

A tail is loaded when somebody asks for the newest page and then follows what is written: `append` after each batch,
`replace` after an edit. It holds nothing that is not committed, and everything that is, down to its oldest entry.
That can only be known when nobody else writes: beside other processes nothing is kept, and a page costs one query.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from roschat.kernel.db import Database
from roschat.modules.server.messages import store
from roschat.modules.server.messages.store import Entry
from roschat.types import ChatId

LENGTH = 100
"""Messages of a conversation that are loaded; a tail grows to twice as many before it is cut."""
KEPT = 2000
"""Conversations; the one not read for the longest time goes first."""


@dataclass(slots=True)
class Tail:
    """Entries oldest first; `whole`: there is nothing before the first; `rev`: no change up to it is missing."""

    entries: list[Entry]
    whole: bool
    rev: int


class Tails:
    """The tails that are in memory."""

    def __init__(self, db: Database, *, shared: bool = False) -> None:
        self._db = db
        self._shared = shared
        self._tails: OrderedDict[ChatId, Tail] = OrderedDict()
        self._loading: dict[ChatId, list[bool]] = {}
        self._changing: dict[ChatId, int] = {}

    def known(self, chat: ChatId) -> Tail | None:
        """The tail of a conversation, when it is in memory."""
        tail = self._tails.get(chat)
        if tail is not None:
            self._tails.move_to_end(chat)
        return tail

    async def load(self, chat: ChatId) -> Tail:
        """The tail of a conversation, from the database when it is not in memory."""
        tail = self.known(chat)
        if tail is not None:
            return tail
        disturbed = [False]
        # Two loads at once share the mark: either is thrown away when something was written meanwhile.
        disturbed = self._loading.setdefault(chat, disturbed)
        try:
            async with self._db.reading() as tx:
                page = await store.page_before(tx, chat, 0, store.NO_END, LENGTH)
        finally:
            if self._loading.get(chat) is disturbed:
                del self._loading[chat]
        tail = Tail(page.entries[::-1], not page.older, page.rev)
        if not disturbed[0] and not self._shared:
            self._tails[chat] = tail
            if len(self._tails) > KEPT:
                self._tails.popitem(last=False)
        return tail

    def append(self, chat: ChatId, entry: Entry) -> None:
        """A message was stored."""
        tail = self._tails.get(chat)
        if tail is None:
            self._disturb(chat)
        elif tail.entries and tail.entries[-1].id >= entry.id:
            # Another writer was told of later: begin anew rather than sort.
            del self._tails[chat]
        else:
            tail.entries.append(entry)
            if chat not in self._changing:
                tail.rev = entry.rev
            if len(tail.entries) > 2 * LENGTH:
                del tail.entries[:LENGTH]
                tail.whole = False

    def replace(self, chat: ChatId, entry: Entry, deleted: bool) -> None:
        """A message was edited or deleted."""
        tail = self._tails.get(chat)
        if tail is None:
            self._disturb(chat)
            return
        for index in range(len(tail.entries) - 1, -1, -1):
            known = tail.entries[index]
            if known.id == entry.id:
                if deleted:
                    del tail.entries[index]
                elif entry.rev > known.rev:
                    tail.entries[index] = entry
                return

    @contextmanager
    def changing(self, chat: ChatId) -> Iterator[None]:
        """Around a change that the writer does not make, from before its commit until it was announced.

        Messages stored meanwhile have later revisions than the change that the tail does not hold yet: `rev` waits.
        """
        self._changing[chat] = self._changing.get(chat, 0) + 1
        try:
            yield
        finally:
            self._changing[chat] -= 1
            if not self._changing[chat]:
                del self._changing[chat]

    def _disturb(self, chat: ChatId) -> None:
        loading = self._loading.pop(chat, None)
        if loading is not None:
            loading[0] = True
