"""Keeps the search index behind the journal: after the commit, in batches, nothing missed and nothing told twice.

The index stands at a revision. Whoever moves it holds the row of the cursor, writes the entries and the new place in
one transaction; a second one passes by. So it does not matter how many processes follow, nor when one of them dies.
"""

import asyncio
import logging

from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import RoschatError
from roschat.modules.server.messages.api import MessagesStored
from roschat.modules.server.messages.fragment import decode
from roschat.modules.server.search import store
from roschat.modules.server.search.bodies import texts
from roschat.modules.server.search.folding import composed, folded, grams
from roschat.modules.server.search.letters import latin

BATCH = 1000
BREATH = 10
"""Messages after which others have their turn: a fifth of a millisecond."""
GATHER = 1.0
"""Seconds to wait after news, so that a busy time is indexed in batches. Nobody waits: a search follows first."""
PAUSE = 1.0
"""Seconds to wait after a full batch while messages go on coming: above BATCH / PAUSE a second the index lets messages
go first and follows when there are fewer. This defers work, it saves none: under a flood a message costs 0.04 to
0.06 ms of CPU and 0.09 to 0.10 when its indexing is counted; indexed at the same pace, half the messages per second."""
CATCH_UP = 20
"""Batches that a search itself adds when the index is behind. After a flood of 200,000 messages the newest of them are
found some 15 seconds later."""
LONGEST_WAIT = 15.0
"""Seconds without news after which it looks by itself."""
SEARCHED_FIELDS = ("position", "department", "number", "email")

log = logging.getLogger(__name__)


class Index:
    """See the module docstring."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._news = asyncio.Event()
        self._newest = self._seen = 0

    @property
    def behind(self) -> int:
        """By how much the newest revision that was heard of is ahead of what is indexed."""
        return max(0, self._newest - self._seen) if self._seen else 0

    def wake(self, event: object = None) -> None:
        """There is something new."""
        if isinstance(event, MessagesStored) and event.messages:
            self._newest = max(self._newest, event.messages[-1].id)
        self._news.set()

    async def follow(self) -> bool:
        """Index one batch; True when there may be more."""
        async with self._db.transaction() as tx:
            at = await store.cursor(tx)
            if at is None:
                return False
            await store.hasten(tx)
            self._seen = at.message_rev
            rows = await store.journal(tx, at.message_rev, BATCH)
            cards = await store.cards(tx, at.contact_rev, BATCH)
            if not rows and not cards:
                return False
            await self._note_messages(tx, rows)
            for card in cards:
                await self._note_contact(tx, card)
            await store.move(tx, rows[-1].rev if rows else at.message_rev, cards[-1].rev if cards else at.contact_rev)
        if rows:
            self._seen = rows[-1].rev
        return len(rows) == BATCH or len(cards) == BATCH

    async def catch_up(self) -> None:
        """Index what waits, as much as a search can wait for."""
        for _ in range(CATCH_UP):
            if not await self.follow():
                return

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            self._news.clear()
            try:
                while await self.follow():
                    if self._news.is_set():
                        self._news.clear()
                        await asyncio.sleep(PAUSE)
            except RoschatError as error:
                log.warning("the search index goes on later: %s", error)
            try:
                async with asyncio.timeout(LONGEST_WAIT):
                    await self._news.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(GATHER)

    async def _note_messages(self, tx: Transaction, rows: list[store.Row]) -> None:
        entries: list[store.Entry] = []
        for number, row in enumerate(rows):
            if number % BREATH == BREATH - 1:
                await asyncio.sleep(0)
            if row.deleted:
                continue
            fragment = decode(row.payload.encode())
            for kind, text in zip(("text", "file"), texts(fragment.data_type, fragment.data), strict=True):
                if entry := folded(text).strip():
                    entries.append(store.Entry(row.id, kind, row.chat, entry, f"{{{','.join(grams(entry))}}}"))
        await store.put_messages(tx, [row.id for row in rows if row.rev != row.id], entries)

    async def _note_contact(self, tx: Transaction, card: store.Card) -> None:
        pieces = shown_pieces(card) if card.active and card.kind != "system" else []
        entry = folded(" ".join(pieces))
        await store.put_contact(tx, card.cid, pieces, entry, latin(entry))


def shown_pieces(card: store.Card) -> list[str]:
    """What of a card is searched: the name, then position, department, numbers and e-mails."""
    values: dict[str, list[str]] = {}
    for field in card.fields:
        values.setdefault(str(field.get("type", "")), []).append(
            composed(str(field.get("value", ""))).replace("\0", " ")
        )
    name = " ".join(value for kind in ("surname", "name", "patronymic") for value in values.get(kind, [])[:1])
    pieces = [card.title, name] if card.kind == "bot" else [name]
    pieces += [value for kind in SEARCHED_FIELDS for value in values.get(kind, [])]
    return [piece for piece in pieces if piece.strip()]
