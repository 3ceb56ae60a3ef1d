"""Settings that an administrator changes while the program runs, kept in the database with who, when, before and after.

A section is a frozen msgspec Struct (see kernel/options.py). The database holds only the values that were set; the
others have the default of the declaration, so a better default reaches everybody who did not decide otherwise. A change
is checked as part of the whole section before it is written, so rules between fields (`__post_init__`) hold too.
After the commit every process reads the section again and tells those who asked with `on_change`.
A secret value goes in and never comes out: not in `get`, not in the history, not in an event, not in an error.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from roschat.kernel.bus import Bus
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Invalid, NotFound, RoschatError, Unavailable
from roschat.kernel.options import Option, build, did_you_mean, find, keys, options, plain
from roschat.wire.process import EventsMissed
from roschat.wire.settings import SettingsChanged

S = TypeVar("S", bound=Struct)

HIDDEN = "********"
"""Shown instead of a secret that is set; setting a secret to exactly this changes nothing."""

log = logging.getLogger(__name__)


class Live(Generic[S]):
    """A section as it is now. `value` is replaced as a whole, never changed inside."""

    def __init__(self, value: S) -> None:
        self.value = value
        self._listeners: list[Callable[[S], None]] = []

    def on_change(self, fn: Callable[[S], None]) -> None:
        """Be told the new value after every change."""
        self._listeners.append(fn)

    def become(self, value: S) -> None:
        """Take a new value; listeners hear of it when it differs, and one that fails does not stop the others."""
        if value == self.value:
            return
        self.value = value
        for listener in self._listeners:
            try:
                listener(value)
            except Exception:
                log.exception("a listener failed on new settings %s", type(value).__qualname__)


class Change(Struct, frozen=True):
    """One line of the history. `before` and `after` are None for the default; both are HIDDEN for a secret."""

    id: int
    time: float
    """Unix time in seconds."""
    who: str
    section: str
    key: str
    before: Any
    after: Any
    secret: bool = False


class _Stored(Struct, frozen=True):
    key: str
    value: Any


class Settings:
    """All sections of this process. `await section(...)` for a live one, `declare(...)` when it is only edited."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._kinds: dict[str, type[Struct]] = {}
        self._live: dict[str, Live[Any]] = {}
        bus.subscribe(SettingsChanged, self._on_changed)
        bus.subscribe(EventsMissed, self._on_missed)

    def declare(self, name: str, kind: type[Struct]) -> None:
        """Make a section known, so that it can be shown and edited."""
        if self._kinds.setdefault(name, kind) is not kind:
            raise ValueError(f"settings section {name!r} is declared twice: {self._kinds[name]} and {kind}")

    async def section(self, name: str, kind: type[S]) -> Live[S]:
        """The live section of a module. Raises Invalid when a stored value breaks a rule, Unavailable."""
        self.declare(name, kind)
        if name not in self._live:
            async with self._db.reading() as tx:
                values = await _load(tx, name)
            self._live[name] = Live(_checked(kind, name, _known(kind, name, values)))
        return self._live[name]

    def sections(self) -> dict[str, tuple[Option, ...]]:
        """Everything that can be set, for docs, console and command line."""
        return {name: options(kind) for name, kind in sorted(self._kinds.items())}

    async def get(self, section: str) -> dict[str, Any]:
        """All values of a section by key, in plain JSON types; a secret is HIDDEN, or empty when it is not set."""
        kind = self._kind(section)
        async with self._db.reading() as tx:
            values = _known(kind, section, await _load(tx, section))
        current = _checked(kind, section, values)
        return {o.key: _shown(o, plain(current, o.key)) for o in options(kind)}

    async def set(self, section: str, key: str, value: Any, who: str) -> None:
        """Change one value for all processes. `value` is in plain JSON types; a number may come as text.

        Raises Invalid for an unknown section or key and for a value that breaks a rule; nothing is changed then.
        """
        chosen = find(self._kind(section), section, key)
        if not (chosen.secret and value == HIDDEN):
            await self._write(section, chosen, value, who)

    async def reset(self, section: str, key: str, who: str) -> None:
        """Go back to the default of the declaration."""
        await self._write(section, find(self._kind(section), section, key), None, who, default=True)

    async def history(self, section: str, key: str = "", limit: int = 50, before: int = 0) -> list[Change]:
        """Changes of a section (of one key), newest first; `before` is the id to go on from."""
        self._kind(section)
        async with self._db.reading() as tx:
            return await tx.rows(
                "SELECT id, extract(epoch FROM time)::float8, who, section, key, "
                "CASE WHEN secret THEN to_jsonb(%s::text) ELSE before END, "
                "CASE WHEN secret THEN to_jsonb(%s::text) ELSE after END, secret FROM kernel.setting_change "
                "WHERE section = %s AND (key = %s OR %s = '') AND (id < %s OR %s = 0) ORDER BY id DESC LIMIT %s",
                HIDDEN,
                HIDDEN,
                section,
                key,
                key,
                before,
                before,
                limit,
                kind=Change,
            )

    async def rollback(self, change: int, who: str) -> None:
        """Give a setting the value that it had before a change. This is a change of its own in the history."""
        async with self._db.reading() as tx:
            found = await tx.row(
                "SELECT id, 0, who, section, key, before, after, secret FROM kernel.setting_change WHERE id = %s",
                change,
                kind=Change,
            )
        if found is None:
            raise NotFound(f"There is no change of settings with the number {change}; see the history.")
        if found.secret:
            raise Invalid(f"{found.section}.{found.key} is secret: its former value was not kept, set it anew.")
        chosen = find(self._kind(found.section), found.section, found.key)
        await self._write(found.section, chosen, found.before, who, default=found.before is None)

    async def refresh(self) -> None:
        """Read all live sections again, for when events may have been missed."""
        for name in list(self._live):
            await self._reload(name)

    async def _write(self, section: str, chosen: Option, value: Any, who: str, *, default: bool = False) -> None:
        kind, key = self._kind(section), chosen.key
        async with self._db.transaction() as tx:
            # Two administrators at once: the second is checked against what the first made of the section.
            await tx.value("SELECT pg_advisory_xact_lock(hashtext('kernel.setting'), hashtext(%s))", section)
            stored = await _load(tx, section)
            before = stored.get(key)
            values = {k: v for k, v in _known(kind, section, stored).items() if k != key}
            if not default:
                values[key] = value
            changed = _checked(kind, section, values, key, hide=chosen.secret)
            after = None if default else plain(changed, key)
            if (key in stored) is not default and before == after:
                return
            if default:
                await tx.run("DELETE FROM kernel.setting WHERE section = %s AND key = %s", section, key)
            else:
                await tx.run(
                    "INSERT INTO kernel.setting (section, key, value, secret) VALUES (%s, %s, %s, %s) "
                    "ON CONFLICT (section, key) DO UPDATE SET value = excluded.value, secret = excluded.secret",
                    section,
                    key,
                    Jsonb(after),
                    chosen.secret,
                )
            await tx.run(
                "INSERT INTO kernel.setting_change (who, section, key, before, after, secret) "
                "VALUES (%s, %s, %s, %s, %s, %s)",
                who,
                section,
                key,
                None if chosen.secret or key not in stored else Jsonb(before),
                None if chosen.secret or default else Jsonb(after),
                chosen.secret,
            )
            tx.emit(SettingsChanged(section, [key], who))
        if section in self._live:
            await self._reload(section)

    async def _on_changed(self, event: SettingsChanged) -> None:
        while event.section in self._live:
            try:
                return await self._reload(event.section)
            except Unavailable as error:
                log.warning("settings %s cannot be read yet: %s", event.section, error)
                await asyncio.sleep(1)
            except RoschatError as error:
                # Another version of the program wrote it; ours goes on with what it has.
                log.error("settings %s were changed to something else than we know: %s", event.section, error)
                return None
        return None

    async def _on_missed(self, _: EventsMissed) -> None:
        for name in list(self._live):
            await self._on_changed(SettingsChanged(name, []))

    async def _reload(self, name: str) -> None:
        kind = self._kinds[name]
        async with self._db.reading() as tx:
            values = await _load(tx, name)
        self._live[name].become(_checked(kind, name, _known(kind, name, values)))

    def _kind(self, section: str) -> type[Struct]:
        if section not in self._kinds:
            raise Invalid(f"There is no settings section {section!r}{did_you_mean(section, sorted(self._kinds))}")
        return self._kinds[section]


async def _load(tx: Transaction, section: str) -> dict[str, Any]:
    rows = await tx.rows("SELECT key, value FROM kernel.setting WHERE section = %s", section, kind=_Stored)
    return {row.key: row.value for row in rows}


def _known(kind: type[Struct], section: str, values: dict[str, Any]) -> dict[str, Any]:
    """Without keys of an older or newer program; they stay in the database."""
    wanted = set(keys(kind))
    for key in values.keys() - wanted:
        log.warning("settings %s: %r is not known to this program and not used", section, key)
    return {key: value for key, value in values.items() if key in wanted}


def _checked(kind: type[S], section: str, values: dict[str, Any], key: str = "", *, hide: bool = False) -> S:
    try:
        return build(kind, values)
    except msgspec.ValidationError as error:
        name = f"{section}.{key}" if key else section
        given = f" cannot be {values[key]!r}" if key in values and not hide else " is not valid"
        raise Invalid(f"Setting {name}{given}: {error}.") from None


def _shown(option: Option, value: Any) -> Any:
    if not option.secret:
        return value
    return HIDDEN if value else ""
