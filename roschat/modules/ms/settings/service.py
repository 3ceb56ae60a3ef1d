"""The settings of the whole program as the console sees them.

A section belongs to one role (`__owner__` of its struct, else the administrator); to others it is not shown, so that an
administrator cannot loosen what watches him: the rules of sign-in to the console and the journal of changes.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from roschat.kernel.clock import Clock
from roschat.kernel.errors import Denied, Invalid
from roschat.kernel.options import Option, did_you_mean
from roschat.kernel.settings import Applied, Change, Difference, Settings
from roschat.modules.ms.settings.api import (
    SettingChange,
    SettingDifference,
    SettingOption,
    SettingRefusal,
    SettingsApplied,
    SettingsExport,
    SettingsImported,
    SettingsSection,
)
from roschat.types import Role
from roschat.wire.message import Caller

FORMAT = "roschat-settings-1"
MOST = 500
"""Lines of the history in one answer."""


class AllSettings:
    """Reads and changes every section, those of other processes too."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    async def sections(self, caller: Caller) -> list[SettingsSection]:
        """The sections of the caller, by name."""
        await self._settings.discover()
        return [await self._view(name, found) for name, found in self._owned(caller).items()]

    async def section(self, name: str, caller: Caller) -> SettingsSection:
        """One section. Raises Invalid for one that does not exist, Denied for one of another role."""
        return await self._view(name, await self._known(name, caller))

    async def put(self, section: str, values: Mapping[str, Any], caller: Caller) -> SettingsApplied:
        """Change values of a section."""
        await self._known(section, caller)
        return _applied(await self._settings.change({section: values}, caller))

    async def changes(self, section: str, key: str, before: int, count: int, caller: Caller) -> list[SettingChange]:
        """The history of the caller's sections; of all of them it may be fewer lines than asked for."""
        if section:
            await self._known(section, caller)
        found = await self._settings.history(section, key, max(1, min(count, MOST)), before)
        return [_change(one) for one in found if self._owns(caller, one.section)]

    async def rollback(self, change: int, caller: Caller) -> SettingsApplied:
        """Undo a change."""
        await self._settings.discover()
        for one in await self._settings.history("", "", 1, change + 1):
            if one.id == change:
                await self._known(one.section, caller)
        return _applied(await self._settings.rollback(change, caller.name, caller))

    async def compare(self, since: float, until: float, caller: Caller) -> list[SettingDifference]:
        """The difference between two moments."""
        found = await self._settings.differences(since, until or self._clock.now())
        return [_difference(one) for one in found if self._owns(caller, one.section)]

    async def export(self, caller: Caller) -> SettingsExport:
        """What was set, without secrets."""
        await self._settings.discover()
        secrets = []
        mine = self._owned(caller)
        for name, found in mine.items():
            hidden = [one.key for one in found if one.secret]
            if hidden:
                values = await self._settings.get(name)
                secrets += [f"{name}.{key}" for key in hidden if values[key]]
        values_of = {name: values for name, values in (await self._settings.stored()).items() if name in mine}
        return SettingsExport(FORMAT, self._clock.now(), values_of, secrets)

    async def take(self, sections: Mapping[str, Mapping[str, Any]], caller: Caller, *, apply: bool) -> SettingsImported:
        """Look at an import, and apply it when it is wanted and nothing in it is refused."""
        await self._settings.discover()
        known = self._owned(caller)
        refused: list[SettingRefusal] = []
        changes: list[Difference] = []
        for name, values in sorted(sections.items()):
            if name not in known:
                text = f"There is no settings section {name!r}{did_you_mean(name, known)}"
                refused.append(SettingRefusal(name, "", "unknown", text))
                continue
            keys = {one.key for one in known[name]}
            refused += [SettingRefusal(name, key, "unknown") for key in values if key not in keys]
            try:
                changes += await self._settings.plan(name, {k: v for k, v in values.items() if k in keys})
            except Invalid as error:
                blamed = error.fields or {"": "bad-value"}
                refused += [SettingRefusal(name, key, reason, error.text) for key, reason in blamed.items()]
        applied = apply and not refused
        if applied:
            changes = (await self._settings.change(sections, caller)).changes
        restarts = {_find(known[one.section], one.key).restarts for one in changes} - {""}
        return SettingsImported([_difference(one) for one in changes], refused, sorted(restarts), applied)

    def _owned(self, caller: Caller) -> dict[str, tuple[Option, ...]]:
        """The sections that the caller may see and change."""
        return {name: found for name, found in self._settings.sections().items() if self._owns(caller, name)}

    def _owns(self, caller: Caller, section: str) -> bool:
        if caller.role is Role.SYSTEM:
            return True
        return section in self._settings.sections() and self._settings.owner(section) is caller.role

    async def _known(self, section: str, caller: Caller) -> tuple[Option, ...]:
        if section not in self._settings.sections():
            await self._settings.discover()
        known = self._settings.sections()
        if section not in known:
            raise Invalid(f"There is no settings section {section!r}{did_you_mean(section, self._owned(caller))}")
        if not self._owns(caller, section):
            raise Denied(f"The section {section!r} belongs to the role {self._settings.owner(section).value!r}.")
        return known[section]

    async def _view(self, name: str, found: tuple[Option, ...]) -> SettingsSection:
        title, title_ru = self._settings.titles(name)
        return SettingsSection(name, title, title_ru, [_option(one) for one in found], await self._settings.get(name))


def _find(options: tuple[Option, ...], key: str) -> Option:
    """The option of a key that is known to be there."""
    return next(one for one in options if one.key == key)


def _option(option: Option) -> SettingOption:
    shown = {name: getattr(option, name) for name in SettingOption.__struct_fields__ if hasattr(option, name)}
    return SettingOption(**shown | {"needed": option.needed or option.required})


def _difference(one: Difference) -> SettingDifference:
    return SettingDifference(**structs.asdict(one))


def _change(one: Change) -> SettingChange:
    return SettingChange(**structs.asdict(one))


def _applied(applied: Applied) -> SettingsApplied:
    return SettingsApplied([_difference(one) for one in applied.changes], applied.restarts)
