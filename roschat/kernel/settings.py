"""Settings that an administrator changes while the program runs, kept in the database with who, when, before and after.

A section is a frozen msgspec Struct (see kernel/options.py). The database holds only the values that were set; the
others have the default of the declaration, so a better default reaches everybody who did not decide otherwise. A change
is checked as part of the whole section before it is written, so rules between fields (`__post_init__`) hold; several
values are written together or not at all. After the commit every process reads the section again and tells those who
asked with `on_change`. A secret value goes in and never comes out: not in `get`, not in the history, not in an event,
not in an error.
"""

import asyncio
import importlib
import logging
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Invalid, NotFound, RoschatError, Unavailable
from roschat.kernel.options import Option, did_you_mean, find, options, owner, plain, titles
from roschat.kernel.setting_values import (
    DEFAULT,
    HIDDEN,
    Difference,
    checked,
    known,
    load,
    refuse,
    shown,
    store,
    trimmed,
)
from roschat.types import Role
from roschat.wire.message import Caller
from roschat.wire.process import EventsMissed
from roschat.wire.settings import SettingsChanged

__all__ = ["DEFAULT", "HIDDEN", "Applied", "Change", "Difference", "Live", "Settings"]

S = TypeVar("S", bound=Struct)

log = logging.getLogger(__name__)


class Live(Generic[S]):
    """A section as it is now. `value` is replaced as a whole, never changed inside."""

    def __init__(self, value: S) -> None:
        self.value = value
        self._listeners: list[Callable[[S], None]] = []

    def on_change(self, fn: Callable[[S], None]) -> None:
        """Be told the new value after every change."""
        self._listeners.append(fn)

    def forget(self, fn: Callable[[S], None]) -> None:
        """Tell this one no more."""
        if fn in self._listeners:
            self._listeners.remove(fn)

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


class Applied(Struct, frozen=True):
    """What a change has changed, and the parts of the program that must be started anew for it."""

    changes: list[Difference] = []
    restarts: list[str] = []


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
            await self._announce(name, kind)
            async with self._db.reading() as tx:
                values = await load(tx, name)
            self._live[name] = Live(checked(kind, name, known(kind, name, values)))
        return self._live[name]

    def sections(self) -> dict[str, tuple[Option, ...]]:
        """Everything that can be set, for docs, console and command line."""
        return {name: options(kind) for name, kind in sorted(self._kinds.items())}

    def titles(self, section: str) -> tuple[str, str]:
        """The title of a section in English and Russian."""
        return titles(self._kind(section), section)

    def owner(self, section: str) -> Role:
        """Who edits a section in the console."""
        return owner(self._kind(section))

    async def discover(self) -> None:
        """Make the sections of other processes known too; those of a module that is no longer there are left out."""
        async with self._db.reading() as tx:
            found = await tx.rows("SELECT name, kind FROM kernel.setting_section", kind=lambda name, kind: (name, kind))
        for name, place in found:
            if name not in self._kinds and (kind := _struct_at(place)) is not None:
                self.declare(name, kind)

    async def get(self, section: str) -> dict[str, Any]:
        """All values of a section by key, in plain JSON types; a secret is HIDDEN, or empty when it is not set."""
        kind = self._kind(section)
        async with self._db.reading() as tx:
            values = known(kind, section, await load(tx, section))
        current = checked(kind, section, values)
        return {o.key: shown(o, plain(current, o.key)) for o in options(kind)}

    async def stored(self) -> dict[str, dict[str, Any]]:
        """The values that were set, by section and key, without secrets: what an export holds."""
        found: dict[str, dict[str, Any]] = {}
        async with self._db.reading() as tx:
            for name, kind in sorted(self._kinds.items()):
                values = known(kind, name, await load(tx, name))
                open_ones = {o.key: values[o.key] for o in options(kind) if o.key in values and not o.secret}
                if open_ones:
                    found[name] = open_ones
        return found

    async def set(self, section: str, key: str, value: Any, who: str) -> None:
        """Change one value for all processes. `value` is in plain JSON types; a number may come as text.

        Raises Invalid for an unknown section or key and for a value that breaks a rule; nothing is changed then.
        """
        chosen = find(self._kind(section), section, key)
        if not (chosen.secret and value == HIDDEN):
            await self._write(section, chosen, value, who)

    async def reset(self, section: str, key: str, who: str) -> None:
        """Go back to the default of the declaration."""
        await self._write(section, find(self._kind(section), section, key), DEFAULT, who, default=True)

    async def change(self, wanted: Mapping[str, Mapping[str, Any]], caller: Caller) -> Applied:
        """Change values by section and key for all processes, all of them or none; a value may be DEFAULT.

        What is as it was is not written. Raises Invalid, whose `fields` name every bad value of a section by its key.
        The audit gets an entry for every section that changed.
        """
        changes: list[Difference] = []
        async with self._db.transaction() as tx:
            for section in sorted(wanted):
                kind = self._kind(section)
                chosen = {key: find(kind, section, key) for key in wanted[section]}
                found = await self._change(tx, section, chosen, wanted[section], caller)
                changes += found
        for section in sorted({one.section for one in changes} & self._live.keys()):
            await self._reload(section)
        restarts = {find(self._kinds[one.section], one.section, one.key).restarts for one in changes}
        return Applied(changes, sorted(restarts - {""}))

    async def plan(self, section: str, values: Mapping[str, Any]) -> list[Difference]:
        """What `change` would do to a section. Raises Invalid as it would."""
        kind = self._kind(section)
        chosen = {key: find(kind, section, key) for key in values}
        async with self._db.reading() as tx:
            stored = await load(tx, section)
        return _differences(kind, section, chosen, values, stored)[0]

    async def history(self, section: str, key: str = "", limit: int = 50, before: int = 0) -> list[Change]:
        """Changes of a section (of one key; of all sections when it is empty), newest first.

        `before` is the id to go on from.
        """
        if section:
            self._kind(section)
        async with self._db.reading() as tx:
            return await tx.rows(
                "SELECT id, extract(epoch FROM time)::float8, who, section, key, "
                "CASE WHEN secret THEN to_jsonb(%s::text) ELSE before END, "
                "CASE WHEN secret THEN to_jsonb(%s::text) ELSE after END, secret FROM kernel.setting_change "
                "WHERE (%s = '' OR section = %s) AND (%s = '' OR key = %s) AND (%s = 0 OR id < %s) "
                "ORDER BY id DESC LIMIT %s",
                HIDDEN,
                HIDDEN,
                section,
                section,
                key,
                key,
                before,
                before,
                limit,
                kind=Change,
            )

    async def differences(self, since: float, until: float) -> list[Difference]:
        """What became of the values between two moments (Unix seconds): those that are not as they were.

        A secret that was changed is told with both sides HIDDEN.
        """
        async with self._db.reading() as tx:
            rows = await tx.rows(
                "SELECT section, key, before, after, secret FROM kernel.setting_change "
                "WHERE time > to_timestamp(%s) AND time <= to_timestamp(%s) ORDER BY id",
                since,
                until,
                kind=Difference,
            )
        first: dict[tuple[str, str], Difference] = {}
        last: dict[tuple[str, str], Difference] = {}
        for row in rows:
            first.setdefault((row.section, row.key), row)
            last[row.section, row.key] = row
        found = [
            Difference(*place, HIDDEN, HIDDEN, secret=True)
            if last[place].secret
            else Difference(*place, first[place].before, last[place].after)
            for place in sorted(first)
        ]
        return [one for one in found if one.secret or one.before != one.after]

    async def rollback(self, change: int, who: str, caller: Caller | None = None) -> Applied:
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
        if caller is not None:
            return await self.change({found.section: {found.key: found.before}}, caller)
        chosen = find(self._kind(found.section), found.section, found.key)
        await self._write(found.section, chosen, found.before, who, default=found.before is None)
        return Applied()

    async def refresh(self) -> None:
        """Read all live sections again, for when events may have been missed."""
        for name in list(self._live):
            await self._reload(name)

    async def _announce(self, name: str, kind: type[Struct]) -> None:
        place = f"{kind.__module__}:{kind.__qualname__}"
        async with self._db.transaction() as tx:
            await tx.run(
                "INSERT INTO kernel.setting_section (name, kind) VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET kind = excluded.kind WHERE setting_section.kind <> excluded.kind",
                name,
                place,
            )

    async def _change(
        self, tx: Transaction, section: str, chosen: dict[str, Option], values: Mapping[str, Any], caller: Caller
    ) -> list[Difference]:
        await _lock(tx, section)
        stored = await load(tx, section)
        found, after = _differences(self._kind(section), section, chosen, values, stored)
        for one in found:
            await store(tx, section, chosen[one.key], after[one.key], stored.get(one.key, DEFAULT), _name(caller))
        if found:
            before = {one.key: one.before for one in found}
            await audit.record(tx, caller, "change-settings", section, before, {one.key: one.after for one in found})
            tx.emit(SettingsChanged(section, [one.key for one in found], _name(caller)))
        return found

    async def _write(self, section: str, chosen: Option, value: Any, who: str, *, default: bool = False) -> None:
        kind, key = self._kind(section), chosen.key
        async with self._db.transaction() as tx:
            await _lock(tx, section)
            stored = await load(tx, section)
            before = stored.get(key)
            values = {k: v for k, v in known(kind, section, stored).items() if k != key}
            if not default:
                values[key] = value
            changed = checked(kind, section, values, key, hide=chosen.secret)
            after = DEFAULT if default else plain(changed, key)
            if (key in stored) is not default and before == after:
                return
            await store(tx, section, chosen, after, before, who)
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
            values = await load(tx, name)
        self._live[name].become(checked(kind, name, known(kind, name, values)))

    def _kind(self, section: str) -> type[Struct]:
        if section not in self._kinds:
            raise Invalid(f"There is no settings section {section!r}{did_you_mean(section, sorted(self._kinds))}")
        return self._kinds[section]


def _differences(
    kind: type[Struct], section: str, chosen: dict[str, Option], values: Mapping[str, Any], stored: dict[str, Any]
) -> tuple[list[Difference], dict[str, Any]]:
    """What would change, and the values to store by key. Raises Invalid."""
    wanted = {key: trimmed(value) for key, value in values.items() if not (chosen[key].secret and value == HIDDEN)}
    refuse(kind, wanted)
    now = known(kind, section, stored)
    former = checked(kind, section, now)
    kept = {key: value for key, value in now.items() if key not in wanted}
    fresh = checked(kind, section, kept | {key: value for key, value in wanted.items() if value is not DEFAULT})
    found, after = [], {}
    for key, value in wanted.items():
        before, became = plain(former, key), plain(fresh, key)
        # A form sends back what it showed; only what differs was decided.
        if before == became and not (value is DEFAULT and key in stored):
            continue
        after[key] = DEFAULT if value is DEFAULT else became
        option = chosen[key]
        found.append(Difference(section, key, shown(option, before), shown(option, became), option.secret))
    return found, after


async def _lock(tx: Transaction, section: str) -> None:
    """Two administrators at once: the second is checked against what the first made of the section."""
    await tx.value("SELECT pg_advisory_xact_lock(hashtext('kernel.setting'), hashtext(%s))", section)


def _name(caller: Caller) -> str:
    return caller.name or caller.role.value


def _struct_at(place: str) -> type[Struct] | None:
    module, _, name = place.partition(":")
    if not module.startswith("roschat."):
        return None
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None
    return found if isinstance(found, type) and issubclass(found, Struct) else None
