"""SQL of plans, their rows, and presets of imports. Contacts themselves: staff/store.py."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from roschat.kernel.db import Transaction
from roschat.modules.server.roster.api import ImportPreset, MassFault, MassPlanView
from roschat.modules.server.roster.people import Person
from roschat.types import ContactId, Seconds

_encode = msgspec.json.Encoder().encode
_person = msgspec.json.Decoder(Person).decode
_faults = msgspec.json.Decoder(list[MassFault]).decode
_preset = msgspec.json.Decoder(ImportPreset).decode


class PlannedRow(Struct, frozen=True, kw_only=True):
    """A row of a plan as it is kept."""

    position: int
    cid: ContactId
    name: str
    action: str
    state: str
    outcome: str = ""
    before: Person | None = None
    after: Person | None = None
    faults: list[MassFault] = []
    password: str = ""
    secret: bytes | None = None
    old_hash: str = ""
    new_hash: str = ""


class Counts(Struct, frozen=True):
    """What a preview found."""

    total: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: int = 0
    warnings: int = 0


class Outcome(Struct, frozen=True, kw_only=True):
    """How a row ended."""

    position: int
    state: str
    outcome: str = ""
    secret: bytes | None = None
    old_hash: str = ""
    new_hash: str = ""


# Plans.

_PLAN = """
    SELECT p.id, p.kind, p.title, p.state, p.who, extract(epoch FROM p.created)::bigint,
           coalesce(extract(epoch FROM p.applied)::bigint, 0), coalesce(extract(epoch FROM p.undone)::bigint, 0),
           p.job, p.total, p.added, p.changed, p.unchanged, p.errors, p.warnings, p.text,
           r.done, r.skipped, r.passwords, r.mailable
    FROM server.mass_plan p CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE state IN ('done', 'undone', 'kept')) AS done,
               count(*) FILTER (WHERE state = 'skipped') AS skipped,
               count(*) FILTER (WHERE state = 'done' AND secret IS NOT NULL) AS passwords,
               count(*) FILTER (WHERE state = 'done' AND secret IS NOT NULL AND NOT mailed
                                AND after->'fields' @> '[{"type": "email"}]') AS mailable
        FROM server.mass_row WHERE plan = p.id AND p.state IN ('applying', 'applied', 'undoing', 'undone')
    ) r
"""


def _plan(*row: Any) -> MassPlanView:
    (number, kind, title, state, who, created, applied, undone, job, *counts) = row
    total, added, changed, unchanged, errors, warnings, text, done, skipped, passwords, mailable = counts
    return MassPlanView(
        id=number,
        kind=kind,
        title=title,
        state=state,
        who=who,
        created=Seconds(created),
        applied=Seconds(applied),
        undone=Seconds(undone),
        job=job,
        total=total,
        added=added,
        changed=changed,
        unchanged=unchanged,
        errors=errors,
        warnings=warnings,
        text=text,
        done=done,
        skipped=skipped,
        passwords=passwords,
        mailable=mailable,
    )


async def add_plan(tx: Transaction, kind: str, title: str, who: str, change: str, length: int, now: float) -> int:
    """A new plan that is being prepared."""
    return int(
        await tx.value(
            "INSERT INTO server.mass_plan (kind, title, who, change, length, created)"
            " VALUES (%s, %s, %s, %s::jsonb, %s, to_timestamp(%s)) RETURNING id",
            kind, title, who, change, length, now,
        )
    )  # fmt: skip


async def put_secret(tx: Transaction, number: int, secret: bytes) -> None:
    """Keep the sealed given password of a plan."""
    await tx.run("UPDATE server.mass_plan SET secret = %s WHERE id = %s", secret, number)


async def plan(tx: Transaction, number: int) -> MassPlanView | None:
    """One plan."""
    return await tx.row(_PLAN + " WHERE p.id = %s", number, kind=_plan)


async def plans(tx: Transaction, offset: int, count: int) -> list[MassPlanView]:
    """Plans, newest first."""
    return await tx.rows(_PLAN + " ORDER BY p.id DESC OFFSET %s LIMIT %s", offset, count, kind=_plan)


async def count_plans(tx: Transaction) -> int:
    """How many there are."""
    return int(await tx.value("SELECT count(*) FROM server.mass_plan"))


async def secret_of(tx: Transaction, number: int) -> tuple[bytes | None, int]:
    """The sealed given password of a plan, and the length of random ones."""
    found = await tx.row(
        "SELECT secret, length FROM server.mass_plan WHERE id = %s",
        number,
        kind=lambda secret, length: (secret, length),
    )
    return found or (None, 12)


async def turn(tx: Transaction, number: int, before: Sequence[str], after: str) -> bool:
    """Move a plan from one of the states `before`; False when it is in another one."""
    return bool(
        await tx.run(
            "UPDATE server.mass_plan SET state = %s WHERE id = %s AND state = ANY(%s)", after, number, list(before)
        )
    )


async def worked_by(tx: Transaction, number: int, job: int) -> None:
    """Note the job that works on a plan."""
    await tx.run("UPDATE server.mass_plan SET job = %s WHERE id = %s", job, number)


async def prepared(tx: Transaction, number: int, counts: Counts) -> None:
    """The preview is there."""
    await tx.run(
        "UPDATE server.mass_plan SET state = 'ready', total = %s, added = %s, changed = %s, unchanged = %s,"
        " errors = %s, warnings = %s WHERE id = %s AND state = 'preparing'",
        counts.total, counts.added, counts.changed, counts.unchanged, counts.errors, counts.warnings, number,
    )  # fmt: skip


async def applied(tx: Transaction, number: int, now: float) -> None:
    """The plan was carried out; the given password is not needed any more."""
    await tx.run(
        "UPDATE server.mass_plan SET state = 'applied', applied = to_timestamp(%s), secret = NULL WHERE id = %s",
        now,
        number,
    )


async def undone(tx: Transaction, number: int, now: float) -> None:
    """The plan was taken back; passwords that it made open nothing any more."""
    await tx.run("UPDATE server.mass_plan SET state = 'undone', undone = to_timestamp(%s) WHERE id = %s", now, number)
    await tx.run("UPDATE server.mass_row SET secret = NULL WHERE plan = %s AND state = 'undone'", number)


async def failed(tx: Transaction, number: int, state: str, text: str) -> None:
    """The preview broke off, or was cancelled: its rows and passwords go."""
    await tx.run("DELETE FROM server.mass_row WHERE plan = %s", number)
    await tx.run("UPDATE server.mass_plan SET state = %s, text = %s, secret = NULL WHERE id = %s", state, text, number)


async def drop(tx: Transaction, number: int) -> bool:
    """Delete a plan that changed nothing."""
    return bool(
        await tx.run("DELETE FROM server.mass_plan WHERE id = %s AND state IN ('ready', 'failed', 'cancelled')", number)
    )


async def broken_off(tx: Transaction) -> list[tuple[int, str]]:
    """Plans whose job does not run any more, with their state."""
    return await tx.rows(
        "SELECT p.id, p.state FROM server.mass_plan p LEFT JOIN kernel.job j ON j.id = p.job"
        " WHERE p.state IN ('preparing', 'applying', 'undoing') AND p.job > 0 AND j.state IS DISTINCT FROM 'running'",
        kind=lambda number, state: (int(number), str(state)),
    )


async def clear(tx: Transaction, plans_before: float, unused_before: float, secrets_before: float) -> None:
    """Forget old plans, earlier those that were not applied, and passwords that nobody fetched."""
    await tx.run(
        "DELETE FROM server.mass_plan WHERE (created < to_timestamp(%s) AND state IN ('applied', 'undone'))"
        " OR (created < to_timestamp(%s) AND state IN ('ready', 'failed', 'cancelled'))",
        plans_before,
        unused_before,
    )
    await tx.run(
        "UPDATE server.mass_row r SET secret = NULL FROM server.mass_plan p WHERE p.id = r.plan"
        " AND r.secret IS NOT NULL AND p.applied < to_timestamp(%s)",
        secrets_before,
    )


# Rows.

_ROW = (
    "SELECT position, cid, name, action, state, outcome, before::text, after::text, faults::text, password, secret,"
    " coalesce(old_hash, ''), coalesce(new_hash, '') FROM server.mass_row"
)


def _row(*row: Any) -> PlannedRow:
    position, cid, name, action, state, outcome, before, after, faults, password, secret, *hashes = row
    return PlannedRow(
        position=position,
        cid=ContactId(cid),
        name=name,
        action=action,
        state=state,
        outcome=outcome,
        before=_person(before) if before else None,
        after=_person(after) if after else None,
        faults=_faults(faults),
        password=password,
        secret=secret,
        old_hash=hashes[0],
        new_hash=hashes[1],
    )


async def add_rows(tx: Transaction, number: int, rows: Sequence[PlannedRow]) -> None:
    """Keep rows of a plan."""
    await tx.run(
        "INSERT INTO server.mass_row"
        " (plan, position, cid, name, action, state, before, after, faults, warned, password, secret,"
        " outcome)"
        " SELECT %s, * FROM unnest(%s::int[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::jsonb[],"
        " %s::jsonb[], %s::jsonb[], %s::bool[], %s::text[], %s::bytea[], %s::text[])",
        number,
        [row.position for row in rows],
        [row.cid for row in rows],
        [row.name for row in rows],
        [row.action for row in rows],
        [row.state for row in rows],
        [_encode(row.before).decode() if row.before else None for row in rows],
        [_encode(row.after).decode() if row.after else None for row in rows],
        [_encode(row.faults).decode() for row in rows],
        [any(fault.warning for fault in row.faults) for row in rows],
        [row.password for row in rows],
        [row.secret for row in rows],
        [row.outcome for row in rows],
    )


_COUNT = "SELECT count(*) FROM server.mass_row WHERE "
_ONLY = """
    plan = %s AND (%s = '' OR strpos(lower(name), lower(%s)) > 0)
    AND CASE %s WHEN 'errors' THEN state = 'error' WHEN 'changes' THEN action <> 'none' AND state <> 'error'
             WHEN 'warnings' THEN warned WHEN 'done' THEN state IN ('done', 'undone', 'kept')
             WHEN 'skipped' THEN state = 'skipped' WHEN 'kept' THEN state = 'kept' ELSE true END
"""


async def rows(tx: Transaction, number: int, only: str, text: str, offset: int, count: int) -> list[PlannedRow]:
    """Rows under a filter in the order of their positions."""
    return await tx.rows(
        _ROW + " WHERE " + _ONLY + " ORDER BY position OFFSET %s LIMIT %s",
        number, text, text, only, offset, count,
        kind=_row,
    )  # fmt: skip


async def count_rows(tx: Transaction, number: int, only: str, text: str) -> int:
    """How many rows there are under a filter."""
    return int(await tx.value(_COUNT + _ONLY, number, text, text, only))


async def rows_in(tx: Transaction, number: int, state: str, after: int, count: int) -> list[PlannedRow]:
    """The next rows in a state that change something, after a position."""
    return await tx.rows(
        _ROW + " WHERE plan = %s AND state = %s AND action <> 'none' AND position > %s ORDER BY position LIMIT %s",
        number, state, after, count,
        kind=_row,
    )  # fmt: skip


async def count_in(tx: Transaction, number: int, state: str) -> int:
    """How many rows in a state change something."""
    return int(
        await tx.value(
            "SELECT count(*) FROM server.mass_row WHERE plan = %s AND state = %s AND action <> 'none'", number, state
        )
    )


async def finish(tx: Transaction, number: int, outcomes: Sequence[Outcome]) -> None:
    """Write how rows ended. What an outcome does not name stays."""
    await tx.run(
        "UPDATE server.mass_row r SET state = n.state, outcome = n.outcome, secret = coalesce(n.secret, r.secret),"
        " old_hash = coalesce(nullif(n.old_hash, ''), r.old_hash),"
        " new_hash = coalesce(nullif(n.new_hash, ''), r.new_hash)"
        " FROM unnest(%s::int[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::text[])"
        " AS n (position, state, outcome, secret, old_hash, new_hash)"
        " WHERE r.plan = %s AND r.position = n.position",
        [one.position for one in outcomes],
        [one.state for one in outcomes],
        [one.outcome for one in outcomes],
        [one.secret for one in outcomes],
        [one.old_hash for one in outcomes],
        [one.new_hash for one in outcomes],
        number,
    )


async def leave(tx: Transaction, number: int, outcome: str) -> int:
    """What was not done by now is skipped, and why."""
    return await tx.run(
        "UPDATE server.mass_row SET state = 'skipped', outcome = %s WHERE plan = %s AND state = 'planned'"
        " AND action <> 'none'",
        outcome,
        number,
    )


async def sealed(tx: Transaction, number: int, after: int, count: int, *, unmailed: bool = False) -> list[PlannedRow]:
    """Rows whose password is still kept, after a position."""
    return await tx.rows(
        _ROW + " WHERE plan = %s AND state = 'done' AND secret IS NOT NULL AND position > %s AND (NOT %s OR NOT mailed)"
        " ORDER BY position LIMIT %s",
        number, after, unmailed, count,
        kind=_row,
    )  # fmt: skip


async def mailed(tx: Transaction, number: int, position: int) -> None:
    """The letter of a row is on its way."""
    await tx.run("UPDATE server.mass_row SET mailed = true WHERE plan = %s AND position = %s", number, position)


async def forget_secrets(tx: Transaction, number: int) -> int:
    """Delete the passwords of a plan, which have been given out."""
    return await tx.run("UPDATE server.mass_row SET secret = NULL WHERE plan = %s AND secret IS NOT NULL", number)


# Presets.


async def presets(tx: Transaction) -> list[ImportPreset]:
    """All, by name."""
    return await tx.rows("SELECT preset::text FROM server.import_preset ORDER BY name", kind=_preset)


async def put_preset(tx: Transaction, preset: ImportPreset) -> None:
    """Save one under its name."""
    await tx.run(
        "INSERT INTO server.import_preset (name, preset) VALUES (%s, %s::jsonb)"
        " ON CONFLICT (name) DO UPDATE SET preset = excluded.preset, changed = now()",
        preset.name,
        _encode(preset).decode(),
    )


async def delete_preset(tx: Transaction, name: str) -> bool:
    """Forget one."""
    return bool(await tx.run("DELETE FROM server.import_preset WHERE name = %s", name))
