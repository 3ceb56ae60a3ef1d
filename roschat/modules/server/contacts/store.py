"""SQL of finding contacts: the lines of the list, kept by the triggers of schema/0100_contacts.sql.

A filter becomes one condition, whose texts are folded by the same function as the lines. What one types into the search
is looked up by its runs of three characters first, so that a rare text costs nothing however long the list is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import msgspec

from roschat.kernel.db import Transaction
from roschat.modules.server.contacts.api import (
    ContactCard,
    ContactField,
    ContactFilter,
    ContactRow,
    FieldFilter,
    NamedContact,
    ValueCount,
)
from roschat.types import ContactId, FileName, Revision, Seconds

RUN = 3
"""Characters of a run in the index."""

_ROW: LiteralString = """
    SELECT cid, rev, surname, name, patronymic, number, email, numbers, emails, login, organisation, department,
           position, room, birthday, services, active, blocked, avatar, extract(epoch FROM changed)::bigint
    FROM server.contact_row
"""
_TOTAL: LiteralString = "SELECT count(*) FROM server.contact_row WHERE "
_IDS: LiteralString = "SELECT cid FROM server.contact_row WHERE "
_NAMED: LiteralString = " IN (SELECT cid FROM server.contact_row WHERE name_key LIKE server.folded(%s))"
_LINE: LiteralString = "EXISTS (SELECT 1 FROM unnest(string_to_array(custom, E'\\n')) l WHERE l LIKE server.folded(%s))"
_KEPT: LiteralString = " FROM server.contact_row WHERE "
_COUNTED: LiteralString = ", count(*) FROM server.contact_row WHERE active AND "
_ORDERS: dict[str, tuple[LiteralString, LiteralString]] = {
    "name": ("name_key, cid", "name_key DESC, cid DESC"),
    "number": ("number_key, cid", "number_key DESC NULLS LAST, cid DESC"),
    "email": ("email_key, cid", "email_key DESC NULLS LAST, cid DESC"),
    "login": ("login_key, cid", "login_key DESC NULLS LAST, cid DESC"),
    "organisation": ("organisation_key, name_key, cid", "organisation_key DESC NULLS LAST, name_key, cid"),
    "department": ("department_key, name_key, cid", "department_key DESC NULLS LAST, name_key, cid"),
    "position": ("position_key, name_key, cid", "position_key DESC NULLS LAST, name_key, cid"),
    "room": ("room_key, name_key, cid", "room_key DESC NULLS LAST, name_key, cid"),
    "birthday": ("birthday_key, name_key, cid", "birthday_key DESC NULLS LAST, name_key, cid"),
    "cid": ("cid", "cid DESC"),
    "changed": ("changed, cid", "changed DESC, cid DESC"),
}
_KEYS: dict[str, LiteralString] = {
    "surname": "server.folded(surname)",
    "name": "server.folded(name)",
    "patronymic": "server.folded(patronymic)",
    "birthday": "(birthday || CASE WHEN birthday = '' THEN '' ELSE ' ' || substr(birthday, 9) || '.'"
    " || substr(birthday, 6, 2) || '.' || substr(birthday, 1, 4) END)",
    "organisation": "coalesce(organisation_key, '')",
    "department": "coalesce(department_key, '')",
    "position": "coalesce(position_key, '')",
    "room": "coalesce(room_key, '')",
    "workdayStart": "workday_start",
    "workdayEnd": "workday_end",
    "number": "numbers",
    "email": "server.folded(emails)",
    "login": "coalesce(login_key, '')",
}
_EXACT: dict[str, LiteralString] = {
    "birthday": "birthday",
    "number": "ANY(string_to_array(numbers, ', '))",
    "email": "ANY(string_to_array(server.folded(emails), ', '))",
}
_PEOPLE: dict[str, LiteralString] = {"manager": "manager", "assistant": "assistant"}
INDEXED = frozenset({"organisation", "department", "position"})
_SOUGHT = frozenset({"surname", "name", "patronymic", "number", "email", "login"})
"""What is in the text that a search looks at as well."""
_STATES: dict[str, LiteralString] = {"active": " AND active", "inactive": " AND NOT active", "all": ""}
_ACCOUNTS: dict[str, LiteralString] = {
    "any": "",
    "with": " AND account",
    "without": " AND NOT account",
    "blocked": " AND blocked",
}
_VALUES: dict[str, tuple[LiteralString, LiteralString]] = {
    "organisation": ("organisation", "organisation_key"),
    "department": ("department", "department_key"),
    "position": ("position", "position_key"),
    "room": ("room", "room_key"),
}


@dataclass(frozen=True)
class Condition:
    """The part of a statement after WHERE, with its arguments."""

    sql: LiteralString
    args: tuple[Any, ...]


def condition(
    wanted: ContactFilter, role: Sequence[ContactId] | None, known: Mapping[FieldFilter, Sequence[str]]
) -> Condition:
    """What a checked filter asks for.

    `role` are the contacts with the role that it names; `known` tells for filters of fields in INDEXED which values
    (their keys) they find, so that these are looked up instead of every line.
    """
    sql: LiteralString = "true" + _STATES[wanted.state] + _ACCOUNTS[wanted.account]
    args: list[Any] = []
    for word in dict.fromkeys(wanted.text.split()):
        part = pattern(word)
        sql += " AND sought LIKE server.folded(%s)"
        args.append(part)
        if len(word) >= RUN:
            sql += " AND server.runs(sought) @> server.runs(server.folded(%s))"
            args.append(word)
    for one in wanted.fields:
        if one in known:
            sql += " AND " + _VALUES[one.type][1] + " = ANY(%s)"
            args.append(list(known[one]))
            continue
        more, values = _field(one)
        sql += " AND " + more
        args += values
        longest = max(one.value.split(), key=len, default="")
        if one.type in _SOUGHT and len(longest) >= RUN:
            sql += " AND server.runs(sought) @> server.runs(server.folded(%s))"
            args.append(longest)
    if wanted.services:
        sql += " AND services @> %s::text[]"
        args.append([service.value for service in wanted.services])
    if wanted.without_services:
        sql += " AND NOT services && %s::text[]"
        args.append([service.value for service in wanted.without_services])
    for some in (role, wanted.cids or None):
        if some is not None:
            sql += " AND cid = ANY(%s)"
            args.append(list(some))
    return Condition(sql, tuple(args))


def _field(one: FieldFilter) -> tuple[LiteralString, list[Any]]:
    value = " ".join(one.value.split())
    if one.type == "custom":
        name = " ".join(one.name.split()).replace("=", " ")
        line = f"{escaped(name)}=" + (escaped(value) if one.exact else pattern(value))
        if one.exact and not value:
            return "NOT " + _LINE, [f"{escaped(name)}=%"]
        return "custom <> '' AND " + _LINE, [line]
    if one.type in _PEOPLE:
        column = _PEOPLE[one.type]
        if not value:
            return f"{column} IS NULL", []
        if value.isascii() and value.isdigit():
            return f"{column} = %s", [int(value[:18])]
        return column + _NAMED, [pattern(value)]
    if one.exact:
        if one.type in INDEXED:
            column = _VALUES[one.type][1]
            return (f"{column} = server.folded(%s)", [value]) if value else (f"{column} IS NULL", [])
        if one.type in ("number", "email") and not value:
            return f"{_KEYS[one.type]} = ''", []
        return f"server.folded(%s) = {_EXACT.get(one.type, _KEYS[one.type])}", [value]
    return f"{_KEYS[one.type]} LIKE server.folded(%s)", [pattern(value)]


def escaped(text: str) -> str:
    """A text in which LIKE sees nothing special."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def pattern(text: str) -> str:
    """LIKE's pattern for "holds this text"."""
    return f"%{escaped(text)}%"


async def total(tx: Transaction, wanted: Condition) -> int:
    """How many contacts match."""
    return int(await tx.value(_TOTAL + wanted.sql, *wanted.args))


async def page(
    tx: Transaction, wanted: Condition, sort: str, descending: bool, offset: int, count: int
) -> list[ContactRow]:
    """Contacts that match, in an order of `_ORDERS`; those without the value come last."""
    order = _ORDERS[sort][descending]
    return await tx.rows(
        _ROW + " WHERE " + wanted.sql + " ORDER BY " + order + " LIMIT %s OFFSET %s",
        *wanted.args, count, offset, kind=_row,
    )  # fmt: skip


async def ids(tx: Transaction, wanted: Condition) -> list[ContactId]:
    """All contacts that match, by name."""
    return await tx.rows(_IDS + wanted.sql + " ORDER BY name_key, cid", *wanted.args, kind=ContactId)


async def values(tx: Transaction, kind: str, text: str, count: int) -> list[ValueCount]:
    """Values of a field of active people that hold a text, the most frequent first."""
    column, key = _VALUES[kind]
    sql: LiteralString = "SELECT min(" + column + ")" + _COUNTED + key + " LIKE server.folded(%s) GROUP BY " + key
    sql += " ORDER BY count(*) DESC, " + key + " LIMIT %s"
    return await tx.rows(sql, pattern(" ".join(text.split())), count, kind=ValueCount)


async def keys(tx: Transaction, kind: str) -> list[str]:
    """All values of an indexed field as they are compared."""
    key = _VALUES[kind][1]
    return await tx.rows("SELECT DISTINCT " + key + _KEPT + key + " IS NOT NULL", kind=str)


def _row(
    cid: int, rev: int, surname: str, name: str, patronymic: str, number: str, email: str, numbers: str, emails: str,
    login: str, organisation: str, department: str, position: str, room: str, birthday: str, services: list[str],
    active: bool, blocked: bool, avatar: str, changed: int,
) -> ContactRow:  # fmt: skip
    return ContactRow(
        ContactId(cid), Revision(rev), surname, name, patronymic, number, email, numbers, emails, login, organisation,
        department, position, room, birthday, services, active, blocked, FileName(avatar), Seconds(changed),
    )  # fmt: skip


# Cards and services.


_CARD: LiteralString = """
    SELECT c.cid, c.rev, c.fields::text, c.description, c.avatar, c.active, r.login, r.blocked, r.services,
           extract(epoch FROM c.created)::bigint, extract(epoch FROM c.changed)::bigint
    FROM server.contact c JOIN server.contact_row r ON r.cid = c.cid
"""
_fields = msgspec.json.Decoder(list[ContactField])


def _card(
    cid: int, rev: int, fields: str, description: str, avatar: str, active: bool, login: str, blocked: bool,
    services: list[str], created: int, changed: int,
) -> ContactCard:  # fmt: skip
    return ContactCard(
        ContactId(cid),
        Revision(rev),
        _fields.decode(fields),
        description,
        FileName(avatar),
        active,
        login=login,
        blocked=blocked,
        services=services,
        created_time=Seconds(created),
        changed_time=Seconds(changed),
    )


async def card(tx: Transaction, cid: ContactId) -> ContactCard | None:
    """A person's card with what hangs on it; None for whoever is no person, or is deleted."""
    return await tx.row(_CARD + " WHERE c.cid = %s", cid, kind=_card)


async def cards(tx: Transaction, cids: Sequence[ContactId]) -> list[ContactCard]:
    """The cards of these people, by cid."""
    return await tx.rows(_CARD + " WHERE c.cid = ANY(%s) ORDER BY c.cid", list(cids), kind=_card)


async def names(tx: Transaction, cids: Sequence[ContactId]) -> list[NamedContact]:
    """What these people are called."""
    return await tx.rows(
        "SELECT cid, concat_ws(' ', nullif(surname, ''), nullif(name, ''), nullif(patronymic, ''))"
        " FROM server.contact_row WHERE cid = ANY(%s)",
        list(cids),
        kind=lambda cid, name: NamedContact(ContactId(cid), name),
    )


async def is_person(tx: Transaction, cid: ContactId) -> bool:
    """Whether there is such a person, not deleted."""
    return await tx.value("SELECT 1 FROM server.contact_row WHERE cid = %s", cid) is not None


@dataclass(frozen=True)
class Granted:
    """A service as it is kept: `number` is unique in `plan`."""

    type: str
    params: dict[str, str]
    plan: str = ""
    number: str = ""


async def lock_person(tx: Transaction, cid: ContactId) -> bool:
    """Whether there is such a person; its services are nobody else's until the end of the transaction."""
    found = await tx.value(
        "SELECT 1 FROM server.contact WHERE cid = %s AND kind = 'person' AND NOT deleted FOR UPDATE", cid
    )
    return found is not None


async def granted(tx: Transaction, cid: ContactId) -> list[Granted]:
    """The services of a contact."""
    return await tx.rows(
        "SELECT type, params, plan, number FROM server.contact_service WHERE cid = %s ORDER BY type", cid, kind=Granted
    )


async def number_owner(tx: Transaction, plan: str, number: str, but: ContactId) -> ContactId | None:
    """Who else has a number of a plan."""
    found = await tx.value(
        "SELECT cid FROM server.contact_service WHERE plan = %s AND number = %s AND cid <> %s", plan, number, but
    )
    return None if found is None else ContactId(found)


async def put_service(tx: Transaction, cid: ContactId, service: Granted, params: str) -> None:
    """Add or change a service; `params` are its parameters as JSON."""
    await tx.run(
        "INSERT INTO server.contact_service (cid, type, params, plan, number) VALUES (%s, %s, %s::jsonb, %s, %s)"
        " ON CONFLICT (cid, type) DO UPDATE SET params = excluded.params, plan = excluded.plan,"
        " number = excluded.number",
        cid,
        service.type,
        params,
        service.plan,
        service.number,
    )


async def remove_services(tx: Transaction, cid: ContactId, types: Sequence[str]) -> None:
    """Take services away."""
    await tx.run("DELETE FROM server.contact_service WHERE cid = %s AND type = ANY(%s)", cid, list(types))


async def applications(tx: Transaction) -> list[tuple[ContactId, list[str]]]:
    """Who may use which application."""
    return await tx.rows(
        "SELECT cid, array_agg(type) FROM server.contact_service WHERE type IN ('computer', 'mobile') GROUP BY cid",
        kind=lambda cid, types: (ContactId(cid), types),
    )


async def counts(tx: Transaction) -> dict[str, int]:
    """How many active people with an account have each service; "account" are all of them."""
    return dict(
        await tx.rows(
            "SELECT 'account', count(*) FROM server.contact_row WHERE active AND account"
            " UNION ALL SELECT s, count(*) FROM server.contact_row, unnest(services) s WHERE active AND account"
            " GROUP BY s",
            kind=lambda name, count: (str(name), int(count)),
        )
    )
