"""SQL on contacts for mass changes: what is there, what is taken, and a batch written with a few statements.

The triggers behind the console's list fire once per statement, so a batch costs them as much as one contact.
"""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from roschat.kernel.db import Transaction
from roschat.modules.server.directory.api import CardField, ContactView
from roschat.modules.server.roster.people import Person
from roschat.types import ContactId, FileName, Revision

_encode = msgspec.json.Encoder().encode
_fields = msgspec.json.Decoder(list[CardField]).decode
_services = msgspec.json.Decoder(dict[str, dict[str, str]]).decode


class Current(Struct, frozen=True):
    """A contact as it is now, with the hash of its password; empty without an account."""

    person: Person
    hash: str
    deleted: bool


class NewAccount(Struct, frozen=True):
    """An account to be written; without a hash the password stays."""

    cid: ContactId
    login: str
    key: str
    hash: str = ""


class GrantedService(Struct, frozen=True):
    """A service to be written; `plan` and `number` as the services of contacts tell."""

    cid: ContactId
    type: str
    params: Mapping[str, str]
    plan: str = ""
    number: str = ""


def _current(
    cid: int, rev: int, fields: str, login: str, active: bool, services: str, kind: str, deleted: bool, password: str
) -> Current:
    person = Person(
        ContactId(cid), Revision(rev), tuple(_fields(fields)), login, active, _services(services), kind, deleted
    )
    return Current(person, password, deleted)


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
        ContactId(cid), Revision(rev), _fields(fields), kind, FileName(avatar), title, description, commands, active
    )


async def lock(tx: Transaction) -> None:
    """From here to the end of the transaction nobody else changes the directory."""
    await tx.run("SELECT pg_advisory_xact_lock(hashtext('server.contact_revision'))")


async def reserve(tx: Transaction, count: int) -> list[ContactId]:
    """Numbers for contacts to come; those that are not used stay a gap."""
    return await tx.rows(
        "SELECT nextval(pg_get_serial_sequence('server.contact', 'cid')) FROM generate_series(1, %s)",
        count,
        kind=ContactId,
    )


async def people(tx: Transaction, cids: Sequence[ContactId]) -> dict[ContactId, Current]:
    """Contacts as they are now."""
    found = await tx.rows(
        "SELECT c.cid, c.rev, c.fields::text, coalesce(a.login, ''), c.active,"
        " coalesce((SELECT jsonb_object_agg(s.type, s.params) FROM server.contact_service s WHERE s.cid = c.cid),"
        " '{}')::text, c.kind, c.deleted, coalesce(a.password, '')"
        " FROM server.contact c LEFT JOIN server.account a ON a.cid = c.cid WHERE c.cid = ANY(%s)",
        list(cids),
        kind=_current,
    )
    return {one.person.cid: one for one in found}


async def number_owners(tx: Transaction, numbers: Sequence[str]) -> dict[str, ContactId]:
    """Whose these numbers are."""
    found = await tx.rows(
        "SELECT number, cid FROM server.contact_number WHERE number = ANY(%s)",
        list(numbers),
        kind=lambda number, cid: (str(number), ContactId(cid)),
    )
    return dict(found)


async def login_owners(tx: Transaction, keys: Sequence[str]) -> dict[str, ContactId]:
    """Whose these logins are, by their keys."""
    found = await tx.rows(
        "SELECT login_key, cid FROM server.account WHERE login_key = ANY(%s)",
        list(keys),
        kind=lambda key, cid: (str(key), ContactId(cid)),
    )
    return dict(found)


async def service_owners(tx: Transaction, numbers: Sequence[tuple[str, str]]) -> dict[tuple[str, str], ContactId]:
    """Whose these numbers of services are, by plan and number."""
    found = await tx.rows(
        "SELECT s.plan, s.number, s.cid FROM server.contact_service s"
        " JOIN unnest(%s::text[], %s::text[]) n (plan, number) USING (plan, number)",
        [plan for plan, _ in numbers],
        [number for _, number in numbers],
        kind=lambda plan, number, cid: ((str(plan), str(number)), ContactId(cid)),
    )
    return dict(found)


async def people_among(tx: Transaction, cids: Sequence[ContactId]) -> set[ContactId]:
    """Which of these are people of the directory."""
    return set(
        await tx.rows(
            "SELECT cid FROM server.contact WHERE cid = ANY(%s) AND kind = 'person' AND NOT deleted",
            list(cids),
            kind=ContactId,
        )
    )


async def by_email(tx: Transaction, emails: Sequence[str]) -> list[tuple[str, ContactId]]:
    """People with these addresses (in small letters)."""
    return await tx.rows(
        "SELECT lower(f.value), r.cid FROM server.contact_row r JOIN server.contact c USING (cid)"
        " CROSS JOIN jsonb_to_recordset(c.fields) AS f (type text, value text)"
        " WHERE r.emails <> '' AND f.type = 'email' AND lower(f.value) = ANY(%s)",
        list(emails),
        kind=lambda email, cid: (str(email), ContactId(cid)),
    )


async def by_name(tx: Transaction, names: Sequence[str]) -> list[tuple[str, ContactId]]:
    """People with these full names, each given as it answers it."""
    return await tx.rows(
        "SELECT n.name, r.cid FROM unnest(%s::text[]) n (name)"
        " JOIN server.contact_row r ON r.name_key = server.folded(n.name)",
        list(names),
        kind=lambda name, cid: (str(name), ContactId(cid)),
    )


async def page(tx: Transaction, cids: Sequence[ContactId]) -> list[Person]:
    """People in the order of `cids`."""
    found = await people(tx, cids)
    return [found[cid].person for cid in cids if cid in found]


async def used(tx: Transaction, cids: Sequence[ContactId]) -> set[ContactId]:
    """Which of these ever signed in or have a conversation."""
    return set(
        await tx.rows(
            "SELECT n.cid FROM unnest(%s::bigint[]) n (cid) WHERE EXISTS"
            " (SELECT 1 FROM server.device d WHERE d.cid = n.cid) OR EXISTS"
            " (SELECT 1 FROM server.member m WHERE m.cid = n.cid)",
            list(cids),
            kind=ContactId,
        )
    )


async def add_cards(tx: Transaction, people: Sequence[Person], now: float) -> list[ContactView]:
    """Add people under their reserved numbers; answers their cards by revision."""
    views = await tx.rows(
        "INSERT INTO server.contact AS c (cid, rev, surname, name, patronymic, fields, active, created, changed)"
        " SELECT n.cid, server.next_contact_revision(), n.surname, n.name, n.patronymic, n.fields, n.active,"
        " to_timestamp(%s), to_timestamp(%s) FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::jsonb[],"
        " %s::bool[]) AS n (cid, surname, name, patronymic, fields, active)"
        " RETURNING c.cid, c.rev, c.fields::text, c.kind, c.avatar, c.title, c.description, c.commands, c.active",
        now,
        now,
        *_columns(people),
        kind=_view,
    )
    return sorted(views, key=lambda view: view.rev)


async def change_cards(tx: Transaction, people: Sequence[Person], now: float) -> list[ContactView]:
    """Replace what a mass change may touch of cards; answers them by revision."""
    views = await tx.rows(
        "UPDATE server.contact c SET rev = server.next_contact_revision(), surname = n.surname, name = n.name,"
        " patronymic = n.patronymic, fields = n.fields, active = n.active, deleted = n.removed,"
        " changed = to_timestamp(%s) FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::jsonb[],"
        " %s::bool[], %s::bool[]) AS n (cid, surname, name, patronymic, fields, active, removed) WHERE c.cid = n.cid"
        " RETURNING c.cid, c.rev, c.fields::text, c.kind, c.avatar, c.title, c.description, c.commands, c.active",
        now,
        *_columns(people),
        [person.removed for person in people],
        kind=_view,
    )
    return sorted(views, key=lambda view: view.rev)


def _columns(people: Sequence[Person]) -> tuple[list[object], ...]:
    return (
        [person.cid for person in people],
        [person.first("surname") for person in people],
        [person.first("name") for person in people],
        [person.first("patronymic") for person in people],
        [_encode(person.fields).decode() for person in people],
        [person.active for person in people],
    )


async def put_numbers(tx: Transaction, people: Sequence[Person]) -> None:
    """Replace the numbers of these people."""
    await tx.run(
        "DELETE FROM server.contact_number WHERE cid = ANY(%s)", [person.cid for person in people if person.rev]
    )
    lines = [(n, person.cid, at) for person in people for at, n in enumerate(person.values("number"))]
    if lines:
        await tx.run(
            "INSERT INTO server.contact_number (number, cid, ordinal)"
            " SELECT * FROM unnest(%s::text[], %s::bigint[], %s::int[])",
            *(list(column) for column in zip(*lines, strict=True)),
        )


async def put_accounts(tx: Transaction, accounts: Sequence[NewAccount], now: float) -> None:
    """Add accounts, or change login and (with a hash) password of those that are there."""
    await tx.run(
        "INSERT INTO server.account AS a (cid, login, login_key, password, changed)"
        " SELECT n.cid, n.login, n.key, n.hash, to_timestamp(%s)"
        " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS n (cid, login, key, hash)"
        " ON CONFLICT (cid) DO UPDATE SET login = excluded.login, login_key = excluded.login_key,"
        " changed = excluded.changed,"
        " password = CASE WHEN excluded.password = '' THEN a.password ELSE excluded.password END",
        now,
        [one.cid for one in accounts],
        [one.login for one in accounts],
        [one.key for one in accounts],
        [one.hash for one in accounts],
    )


async def delete_accounts(tx: Transaction, cids: Sequence[ContactId]) -> None:
    """Take accounts away."""
    await tx.run("DELETE FROM server.account WHERE cid = ANY(%s)", list(cids))


async def put_services(tx: Transaction, cids: Sequence[ContactId], services: Sequence[GrantedService]) -> None:
    """Replace all services of these contacts."""
    await tx.run("DELETE FROM server.contact_service WHERE cid = ANY(%s)", list(cids))
    if services:
        await tx.run(
            "INSERT INTO server.contact_service (cid, type, params, plan, number)"
            " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::jsonb[], %s::text[], %s::text[])",
            [one.cid for one in services],
            [one.type for one in services],
            [_encode(one.params).decode() for one in services],
            [one.plan for one in services],
            [one.number for one in services],
        )
