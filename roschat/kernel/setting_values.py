"""The values of a settings section: read out of the database, checked as a whole, shown without secrets."""

import logging
import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from roschat.kernel import formats
from roschat.kernel.db import Transaction
from roschat.kernel.errors import Invalid
from roschat.kernel.options import Option, build, keys, options, refusal

S = TypeVar("S", bound=Struct)

HIDDEN = "********"
"""Shown instead of a secret that is set; setting a secret to exactly this changes nothing."""

DEFAULT: Any = None
"""Given for a value: go back to the default of the declaration."""

log = logging.getLogger(__name__)

_at = re.compile(r" - at `\$\.([\w.]+)")


class Difference(Struct, frozen=True):
    """A value before and after something. None: the default; HIDDEN for a secret that is set."""

    section: str
    key: str
    before: Any
    after: Any
    secret: bool = False


class _Stored(Struct, frozen=True):
    key: str
    value: Any


async def load(tx: Transaction, section: str) -> dict[str, Any]:
    """What is stored of a section."""
    rows = await tx.rows("SELECT key, value FROM kernel.setting WHERE section = %s", section, kind=_Stored)
    return {row.key: row.value for row in rows}


def known(kind: type[Struct], section: str, values: dict[str, Any]) -> dict[str, Any]:
    """Without keys of an older or newer program; they stay in the database."""
    wanted = set(keys(kind))
    for key in values.keys() - wanted:
        log.warning("settings %s: %r is not known to this program and not used", section, key)
    return {key: value for key, value in values.items() if key in wanted}


def checked(kind: type[S], section: str, values: dict[str, Any], key: str = "", *, hide: bool = False) -> S:
    """The section with these values. Raises Invalid, with the field when one alone is to blame."""
    try:
        return build(kind, values)
    except msgspec.ValidationError as error:
        name = f"{section}.{key}" if key else section
        given = f" cannot be {values[key]!r}" if key in values and not hide else " is not valid"
        place = _at.search(str(error))
        blamed = place[1] if place else key
        fields = {blamed: "bad-value"} if blamed else {}
        raise Invalid(f"Setting {name}{given}: {error}.", fields=fields) from None


def refuse(kind: type[Struct], values: Mapping[str, Any]) -> None:
    """Raise Invalid with every value of a form that breaks the rules of its option. DEFAULT breaks none."""
    formats.refuse(
        {o.key: refusal(o, values[o.key]) for o in options(kind) if o.key in values and values[o.key] is not DEFAULT}
    )


def shown(option: Option, value: Any) -> Any:
    """A value as it may be seen."""
    if not option.secret:
        return value
    return HIDDEN if value else ""


def trimmed(value: Any) -> Any:
    """A typed value without the spaces around it."""
    return value.strip() if isinstance(value, str) else value


async def store(tx: Transaction, section: str, option: Option, value: Any, before: Any, who: str) -> None:
    """Write a value, or its absence (DEFAULT), and the line of the history."""
    if value is DEFAULT:
        await tx.run("DELETE FROM kernel.setting WHERE section = %s AND key = %s", section, option.key)
    else:
        await tx.run(
            "INSERT INTO kernel.setting (section, key, value, secret) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (section, key) DO UPDATE SET value = excluded.value, secret = excluded.secret",
            section,
            option.key,
            Jsonb(value),
            option.secret,
        )
    hidden = option.secret
    await tx.run(
        "INSERT INTO kernel.setting_change (who, section, key, before, after, secret) VALUES (%s, %s, %s, %s, %s, %s)",
        who,
        section,
        option.key,
        None if hidden or before is DEFAULT else Jsonb(before),
        None if hidden or value is DEFAULT else Jsonb(value),
        hidden,
    )
