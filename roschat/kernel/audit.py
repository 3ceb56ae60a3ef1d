"""The journal of changes: who did what, when, from where, and what was there before and after.

A service records in the transaction of its change, so one is never there without the other. For a change that a service
forgot, the gateway of the console records the request itself. Fields of the type `wire.message.Secret` are hidden.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct
from psycopg.types.json import Jsonb

from roschat.kernel.db import Transaction
from roschat.types import Role
from roschat.wire.message import Caller

HIDDEN = "********"


class Entry(Struct, frozen=True, rename="camel", omit_defaults=True):
    """One line of the journal. `time` is Unix time in seconds."""

    id: int
    time: float
    who: str
    role: str
    address: str
    action: str
    subject: str
    before: Any = None
    after: Any = None


class Search(Struct, frozen=True):
    """Which entries: of `who`, of `action` (its beginning), with `text` in the subject, from `since` to `until`.

    Times are Unix seconds, 0 for no limit; `before` is the id to go on from, 0 for the newest.
    """

    who: str = ""
    action: str = ""
    text: str = ""
    since: float = 0.0
    until: float = 0.0
    before: int = 0
    count: int = 100


async def record(
    tx: Transaction, caller: Caller, action: str, subject: str, before: object = None, after: object = None
) -> None:
    """Write an entry in the transaction of the change. Structs, mappings and plain JSON values may be given."""
    await tx.run(
        "INSERT INTO kernel.audit (who, role, address, request, action, subject, before, after) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        _name(caller),
        caller.role.value,
        caller.address,
        caller.request,
        action,
        subject[:1000],
        _json(before),
        _json(after),
    )


async def record_request(tx: Transaction, caller: Caller, action: str, subject: str, after: object) -> None:
    """Write an entry for a request that has none yet: nobody recorded its change in more detail."""
    known = await tx.value("SELECT 1 FROM kernel.audit WHERE request = %s LIMIT 1", caller.request)
    if known is None:
        await record(tx, caller, action, subject, None, after)


async def entries(tx: Transaction, search: Search) -> list[Entry]:
    """Entries of the journal, newest first."""
    return await tx.rows(
        "SELECT id, extract(epoch FROM time)::float8, who, role, address, action, subject, before, after "
        "FROM kernel.audit WHERE (%s = '' OR who = %s) AND (%s = '' OR starts_with(action, %s)) "
        "AND (%s = '' OR strpos(lower(subject), lower(%s)) > 0) AND (%s = 0 OR time >= to_timestamp(%s)) "
        "AND (%s = 0 OR time < to_timestamp(%s)) AND (%s = 0 OR id < %s) ORDER BY id DESC LIMIT %s",
        search.who, search.who, search.action, search.action, search.text, search.text,
        search.since, search.since, search.until, search.until, search.before, search.before, search.count,
        kind=Entry,
    )  # fmt: skip


async def names(tx: Transaction) -> tuple[list[str], list[str]]:
    """Who and which actions stand in the journal, each in the order of the alphabet."""
    who = await tx.rows("SELECT DISTINCT who FROM kernel.audit ORDER BY who LIMIT 1000", kind=str)
    return who, await tx.rows("SELECT DISTINCT action FROM kernel.audit ORDER BY action LIMIT 1000", kind=str)


async def forget(tx: Transaction, before: float) -> int:
    """Delete the entries older than a Unix time; answers how many."""
    return await tx.run("DELETE FROM kernel.audit WHERE time < to_timestamp(%s)", before)


def masked(value: object) -> Any:
    """A value in plain JSON types, its secrets hidden."""
    if isinstance(value, Struct):
        secret = _secrets(type(value))
        pairs = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        return {
            wire: HIDDEN if name in secret and getattr(value, name) else masked(getattr(value, name))
            for wire, name in pairs
        }
    if isinstance(value, Mapping):
        return {str(key): masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(inner) for inner in value]
    return msgspec.to_builtins(value, enc_hook=str)


@cache
def _secrets(kind: type[Struct]) -> frozenset[str]:
    return frozenset(name for name, hint in get_type_hints(kind, include_extras=True).items() if _is_secret(hint))


def _is_secret(hint: Any) -> bool:
    if get_origin(hint) is not Annotated:
        return False
    inner, *notes = get_args(hint)
    return _is_secret(inner) or any(isinstance(note, Meta) and bool((note.extra or {}).get("secret")) for note in notes)


def _name(caller: Caller) -> str:
    if caller.name:
        return caller.name
    return "system" if caller.role is Role.SYSTEM else f"{caller.role.value} {caller.cid}"


def _json(value: object) -> Jsonb | None:
    return None if value is None else Jsonb(masked(value))
