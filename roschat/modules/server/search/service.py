"""One question over messages, files, people and channels."""

from collections.abc import Sequence

from roschat.kernel.bus import Bus
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid
from roschat.modules.server.directory.api import SeeDirectory, VisibleContacts
from roschat.modules.server.messages import fragment
from roschat.modules.server.search import store
from roschat.modules.server.search.api import ChannelHit, ContactHit, Found, MessageHit, Search
from roschat.modules.server.search.bodies import texts
from roschat.modules.server.search.folding import composed, folded, words
from roschat.modules.server.search.index import Index
from roschat.modules.server.search.letters import latin, other_layout
from roschat.modules.server.search.snippets import snippet, tokens
from roschat.types import ContactId, PeerKind

KINDS = ("messages", "files", "contacts", "channels")
MAX_TEXT = 200
MAX_WORDS = 8
MAX_COUNT = 50
MAX_TOKENS = 20_000
NEWEST = 2**63 - 1


class Finder:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, index: Index) -> None:
        self._db = db
        self._bus = bus
        self._index = index

    async def find(self, reader: ContactId, wanted: Search) -> Found:
        """What the reader may see and what has all the words of the text. Raises Invalid."""
        if not 0 < len(wanted.text) <= MAX_TEXT:
            raise Invalid(f"The text has {len(wanted.text)} characters; search for 1 to {MAX_TEXT}.")
        for kind in wanted.what:
            if kind not in KINDS:
                raise Invalid(f"{kind[:40]!r} cannot be searched; use {', '.join(KINDS)}.")
        sought = words(wanted.text)[:MAX_WORDS]
        if not sought:
            return Found()
        what = wanted.what or (KINDS[:2] if wanted.cid else KINDS)
        count = max(1, min(wanted.count, MAX_COUNT))
        await self._index.catch_up()  # what was written a moment ago is found too
        messages, more_messages = await self._messages(reader, wanted, sought, count, "messages" in what)
        files, more_files = await self._files(reader, wanted, sought, count, "files" in what)
        return Found(
            messages=messages,
            files=files,
            contacts=await self._contacts(reader, wanted.text, sought, count) if "contacts" in what else [],
            channels=await self._channels(reader, sought, count) if "channels" in what else [],
            more=more_messages or more_files,
        )

    async def _messages(
        self, reader: ContactId, wanted: Search, sought: Sequence[str], count: int, asked: bool
    ) -> tuple[list[MessageHit], bool]:
        return await self._hits(reader, wanted, sought, count, "text") if asked else ([], False)

    async def _files(
        self, reader: ContactId, wanted: Search, sought: Sequence[str], count: int, asked: bool
    ) -> tuple[list[MessageHit], bool]:
        return await self._hits(reader, wanted, sought, count, "file") if asked else ([], False)

    async def _hits(
        self, reader: ContactId, wanted: Search, sought: Sequence[str], count: int, kind: str
    ) -> tuple[list[MessageHit], bool]:
        peer_kind = wanted.cid_type.value if wanted.cid else ""
        before = wanted.before_id or NEWEST
        async with self._db.reading() as tx:
            found = await store.messages(tx, reader, kind, sought, before, count + 1, wanted.cid, peer_kind)
        shown = []
        for row in found[:count]:
            view = fragment.view(
                fragment.frame(
                    row.peer, PeerKind(row.kind), row.id, row.rev, row.payload.encode(),
                    key=row.key, mentioned=row.mentioned,
                )
            )  # fmt: skip
            text, file = texts(view.data_type, view.data)
            shown.append((view, text if kind == "text" else file))
        forms = await self._forms([text for _, text in shown], sought)
        return [MessageHit(view, *snippet(text, sought, forms)) for view, text in shown], len(found) > count

    async def _contacts(self, reader: ContactId, text: str, sought: Sequence[str], count: int) -> list[ContactHit]:
        among = await self._visible(reader)
        others = words(other_layout(composed(text)))[:MAX_WORDS]
        spelt = [latin(word) for word in sought]
        async with self._db.reading() as tx:
            people = await store.contacts(tx, sought, spelt, others, count, among)
        forms = await self._forms([piece for person in people for piece in person.pieces], sought)
        marked = [*sought, *others]
        hits = []
        for person in people:
            # The piece with most of the match; the name when it matched in other letters.
            best = max(person.pieces, key=lambda piece: _matches(piece, marked, forms))
            hits.append(ContactHit(person.cid, *snippet(best, marked, forms)))
        return hits

    async def _visible(self, reader: ContactId) -> list[ContactId] | None:
        """Whom the reader may find; None: everybody."""
        if not self._bus.asked(SeeDirectory):
            return None
        try:
            await self._bus.ask(SeeDirectory(reader))
        except Denied:
            return [*await self._bus.call(VisibleContacts(reader)), reader]
        return None

    async def _channels(self, reader: ContactId, sought: Sequence[str], count: int) -> list[ChannelHit]:
        async with self._db.reading() as tx:
            found = await store.channels(tx, reader, sought, count)
        shown = [(c, composed(c.name), composed(c.description)) for c in found]
        forms = await self._forms([text for _, *both in shown for text in both], sought)
        hits = []
        for channel, name, description in shown:
            best = max((name, description), key=lambda text: _matches(text, sought, forms))
            hits.append(ChannelHit(channel.id, channel.name, *snippet(best, sought, forms)))
        return hits

    async def _forms(self, shown: list[str], sought: Sequence[str]) -> set[str]:
        found = tokens(shown)[:MAX_TOKENS]
        if not found:
            return set()
        async with self._db.reading() as tx:
            return await store.forms(tx, found, sought)


def _matches(text: str, sought: Sequence[str], forms: set[str]) -> int:
    there = folded(text).split()
    return sum(any(part in word for word in there) for part in sought) + sum(word in forms for word in there)
