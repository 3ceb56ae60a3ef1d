"""SQL of the directory."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from roschat.kernel.db import Transaction
from roschat.modules.server.directory.api import CardField, ContactView
from roschat.modules.server.directory.rules import Card
from roschat.types import ContactId, FileName, Revision

_fields = msgspec.json.Decoder(list[CardField])
_encode = msgspec.json.Encoder().encode


def _view(
    cid: int,
    rev: int,
    fields: str,
    kind: str,
    avatar: str,
    title: str,
    description: str,
    commands: list[str],
    active: bool,
) -> ContactView:
    return ContactView(
        cid=ContactId(cid),
        rev=Revision(rev),
        fields=_fields.decode(fields),
        kind=kind,
        avatar=FileName(avatar),
        title=title,
        description=description,
        commands=commands,
        active=active,
    )


@dataclass(frozen=True, slots=True)
class NumberOwner:
    """Whose number it is."""

    number: str
    cid: ContactId


async def next_revision(tx: Transaction) -> Revision:
    """The next revision of the directory. From here to the end of the transaction nobody else changes it."""
    return Revision(await tx.value("SELECT server.next_contact_revision()"))


async def changed_since(tx: Transaction, rev: Revision) -> list[ContactView]:
    """Cards changed after a revision, in the order of their revisions."""
    return await tx.rows(
        "SELECT cid, rev, fields::text, kind, avatar, title, description, commands, active FROM server.contact"
        " WHERE rev > %s ORDER BY rev",
        rev,
        kind=_view,
    )


async def contact(tx: Transaction, cid: ContactId) -> ContactView | None:
    """One card that is not deleted."""
    return await tx.row(
        "SELECT cid, rev, fields::text, kind, avatar, title, description, commands, active FROM server.contact"
        " WHERE cid = %s AND NOT deleted",
        cid,
        kind=_view,
    )


async def add(tx: Transaction, rev: Revision, kind: str, card: Card, now: float) -> ContactView:
    """Add a card."""
    added = await tx.row(
        "INSERT INTO server.contact (rev, kind, surname, name, patronymic, title, description, commands, fields,"
        " avatar, created, changed)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, to_timestamp(%s), to_timestamp(%s))"
        " RETURNING cid, rev, fields::text, kind, avatar, title, description, commands, active",
        rev,
        kind,
        card.first("surname"),
        card.first("name"),
        card.first("patronymic"),
        card.title,
        card.description,
        list(card.commands),
        _encode(card.fields).decode(),
        card.avatar,
        now,
        now,
        kind=_view,
    )
    assert added is not None
    return added


async def replace(tx: Transaction, rev: Revision, cid: ContactId, card: Card, now: float) -> ContactView:
    """Replace the card of a contact that exists."""
    changed = await tx.row(
        "UPDATE server.contact SET rev = %s, surname = %s, name = %s, patronymic = %s, title = %s, description = %s,"
        " commands = %s, fields = %s::jsonb, avatar = %s, changed = to_timestamp(%s) WHERE cid = %s"
        " RETURNING cid, rev, fields::text, kind, avatar, title, description, commands, active",
        rev,
        card.first("surname"),
        card.first("name"),
        card.first("patronymic"),
        card.title,
        card.description,
        list(card.commands),
        _encode(card.fields).decode(),
        card.avatar,
        now,
        cid,
        kind=_view,
    )
    assert changed is not None
    return changed


async def set_avatar(tx: Transaction, rev: Revision, cid: ContactId, avatar: FileName, now: float) -> ContactView:
    """Replace the avatar of a contact that exists."""
    changed = await tx.row(
        "UPDATE server.contact SET rev = %s, avatar = %s, changed = to_timestamp(%s) WHERE cid = %s"
        " RETURNING cid, rev, fields::text, kind, avatar, title, description, commands, active",
        rev,
        avatar,
        now,
        cid,
        kind=_view,
    )
    assert changed is not None
    return changed


async def set_active(tx: Transaction, rev: Revision, cid: ContactId, active: bool, now: float) -> ContactView:
    """Mark a contact that exists."""
    changed = await tx.row(
        "UPDATE server.contact SET rev = %s, active = %s, changed = to_timestamp(%s) WHERE cid = %s"
        " RETURNING cid, rev, fields::text, kind, avatar, title, description, commands, active",
        rev,
        active,
        now,
        cid,
        kind=_view,
    )
    assert changed is not None
    return changed


async def mark_deleted(tx: Transaction, cid: ContactId) -> None:
    """Nobody changes this card any more."""
    await tx.run("UPDATE server.contact SET active = false, deleted = true WHERE cid = %s", cid)


async def number_owners(tx: Transaction, numbers: Sequence[str], but: ContactId) -> list[NumberOwner]:
    """Who else has these numbers."""
    return await tx.rows(
        "SELECT number, cid FROM server.contact_number WHERE number = ANY(%s) AND cid <> %s ORDER BY number",
        list(numbers),
        but,
        kind=NumberOwner,
    )


async def put_numbers(tx: Transaction, cid: ContactId, numbers: Sequence[str]) -> None:
    """Replace the numbers of a contact."""
    await tx.run("DELETE FROM server.contact_number WHERE cid = %s", cid)
    if numbers:
        await tx.run(
            "INSERT INTO server.contact_number (number, cid, ordinal)"
            " SELECT number, %s, place - 1 FROM unnest(%s::text[]) WITH ORDINALITY AS n (number, place)",
            cid,
            list(numbers),
        )


async def people_among(tx: Transaction, cids: Sequence[ContactId]) -> set[ContactId]:
    """Which of these contacts are people."""
    found = await tx.rows(
        "SELECT cid FROM server.contact WHERE cid = ANY(%s) AND kind = 'person'", list(cids), kind=ContactId
    )
    return set(found)


async def favorites(tx: Transaction, owner: ContactId) -> list[ContactId]:
    """The favourites of a contact in the order they were added."""
    return await tx.rows("SELECT cid FROM server.favorite WHERE owner = %s ORDER BY position", owner, kind=ContactId)


async def add_favorite(tx: Transaction, owner: ContactId, cid: ContactId, limit: int) -> bool:
    """Add one that is not there yet; False when the contact does not exist or `limit` is reached."""
    added = await tx.value(
        "WITH added AS (INSERT INTO server.favorite (owner, cid) SELECT %s, c.cid FROM server.contact c"
        " WHERE c.cid = %s"
        " AND (SELECT count(*) FROM server.favorite WHERE owner = %s) < %s ON CONFLICT DO NOTHING RETURNING 1)"
        " SELECT EXISTS (SELECT 1 FROM added) OR EXISTS (SELECT 1 FROM server.favorite WHERE owner = %s AND cid = %s)",
        owner,
        cid,
        owner,
        limit,
        owner,
        cid,
    )
    return bool(added)


async def remove_favorite(tx: Transaction, owner: ContactId, cid: ContactId) -> None:
    """Take one off."""
    await tx.run("DELETE FROM server.favorite WHERE owner = %s AND cid = %s", owner, cid)
