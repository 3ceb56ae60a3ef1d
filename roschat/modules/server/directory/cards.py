"""The whole directory in memory, as bytes that are ready to be sent.

Each card is kept encoded for both shapes of answers, in the order of revisions; the answer "everything" is joined from
the pieces when somebody asks after a change, some milliseconds for 50,000 cards. Answers to "changed after N" cost what
they hold.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import msgspec

from roschat.modules.server.directory.api import ContactView, OldContactView
from roschat.types import ContactId, Revision

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(ContactView).decode


@dataclass(frozen=True, slots=True)
class Card:
    """One card: `view` for APILevel 1 and above, `old` for 0."""

    cid: ContactId
    rev: Revision
    kind: str
    active: bool
    view: bytes
    old: bytes

    def decoded(self) -> ContactView:
        """The card as a value."""
        return _decode(self.view)


class Cards:
    """Cards by cid; iteration follows their revisions."""

    def __init__(self) -> None:
        self._cards: dict[ContactId, Card] = {}
        self._everything: dict[bool, bytes] = {}
        self.rev = Revision(0)
        """The newest revision that is in here; all older ones are as well."""

    def __len__(self) -> int:
        return len(self._cards)

    def get(self, cid: ContactId) -> Card | None:
        """One card, active or not."""
        return self._cards.get(cid)

    def ordered(self, after: ContactId, count: int, kind: str) -> list[ContactView]:
        """Cards in the order of cid."""
        cids = sorted(cid for cid, card in self._cards.items() if cid > after and (not kind or card.kind == kind))
        return [self._cards[cid].decoded() for cid in cids[:count]]

    def put(self, view: ContactView) -> None:
        """Take in the next change; changes come in the order of their revisions."""
        self._cards.pop(view.cid, None)
        self._cards[view.cid] = _made(view)
        self._everything.clear()
        self.rev = max(self.rev, view.rev)

    def everything(self, *, old: bool) -> bytes:
        """A JSON array of all active cards."""
        known = self._everything.get(old)
        if known is None:
            known = self._everything[old] = _array((c for c in self._cards.values() if c.active), old=old)
        return known

    def among(
        self, cids: Collection[ContactId], *, old: bool, active_only: bool, named: Collection[ContactId] = ()
    ) -> bytes:
        """A JSON array of the cards with these cids; of those `named` only the name."""
        found = (self._cards.get(cid) for cid in dict.fromkeys(cids))
        shown = (card for card in found if card and (card.active or not active_only))
        return _array((_made(named_only(card.decoded())) if card.cid in named else card for card in shown), old=old)

    def since(self, rev: Revision, visible: Collection[ContactId] | None, *, old: bool) -> bytes:
        """A JSON array of the cards changed after a revision; with `visible` only of those."""
        changed: list[Card] = []
        for card in reversed(self._cards.values()):
            if card.rev <= rev:
                break
            if visible is None or card.cid in visible:
                changed.append(card)
        return _array(reversed(changed), old=old)


def named_only(view: ContactView) -> ContactView:
    """A card with nothing but the name on it."""
    fields = [field for field in view.fields if field.type in ("surname", "name", "patronymic")]
    return ContactView(view.cid, view.rev, fields, view.kind, title=view.title, active=view.active)


def _made(view: ContactView) -> Card:
    old = OldContactView(view.cid, *_names(view))
    return Card(view.cid, view.rev, view.kind, view.active, _encode(view), _encode(old))


def _array(cards: Iterator[Card], *, old: bool) -> bytes:
    return b"[%s]" % b",".join([card.old if old else card.view for card in cards])


def _names(view: ContactView) -> tuple[str, str, str]:
    values = {field.type: field.value for field in reversed(view.fields)}
    if view.kind != "person":
        return view.title or values.get("surname", ""), "", ""
    return values.get("surname", ""), values.get("name", ""), values.get("patronymic", "")
