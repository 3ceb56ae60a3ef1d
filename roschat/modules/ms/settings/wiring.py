"""Serves the settings of the whole program."""

from roschat.kernel.service import Context, Health
from roschat.kernel.settings import Settings
from roschat.modules.ms.settings.api import (
    CompareSettings,
    ExportSettings,
    GetSettings,
    ImportSettings,
    ListSectionChanges,
    ListSettingChanges,
    ListSettings,
    PutSettings,
    RollbackSetting,
    SettingChange,
    SettingDifference,
    SettingsApplied,
    SettingsExport,
    SettingsImported,
    SettingsSection,
)
from roschat.modules.ms.settings.service import AllSettings
from roschat.wire.message import Caller


class SettingsFeature:
    """The running feature: one method per command."""

    def __init__(self, settings: AllSettings) -> None:
        self._settings = settings

    async def sections(self, command: ListSettings, caller: Caller) -> list[SettingsSection]:
        """Serve list-settings."""
        return await self._settings.sections(caller)

    async def section(self, command: GetSettings, caller: Caller) -> SettingsSection:
        """Serve get-settings."""
        return await self._settings.section(command.section, caller)

    async def put(self, command: PutSettings, caller: Caller) -> SettingsApplied:
        """Serve put-settings."""
        return await self._settings.put(command.section, command.values, caller)

    async def changes(self, command: ListSettingChanges, caller: Caller) -> list[SettingChange]:
        """Serve list-setting-changes."""
        return await self._settings.changes(command.section, command.key, command.before, command.count, caller)

    async def section_changes(self, command: ListSectionChanges, caller: Caller) -> list[SettingChange]:
        """Serve list-section-changes."""
        return await self._settings.changes(command.section, command.key, command.before, command.count, caller)

    async def rollback(self, command: RollbackSetting, caller: Caller) -> SettingsApplied:
        """Serve rollback-setting."""
        return await self._settings.rollback(command.id, caller)

    async def compare(self, command: CompareSettings, caller: Caller) -> list[SettingDifference]:
        """Serve compare-settings."""
        return await self._settings.compare(command.since, command.until, caller)

    async def export(self, command: ExportSettings, caller: Caller) -> SettingsExport:
        """Serve export-settings."""
        return await self._settings.export(caller)

    async def take(self, command: ImportSettings, caller: Caller) -> SettingsImported:
        """Serve import-settings."""
        return await self._settings.take(command.sections, caller, apply=command.apply)

    async def stop(self) -> None:
        """Nothing to let go of."""

    async def health(self) -> Health:
        """It has no state of its own."""
        return Health()


async def start(context: Context) -> SettingsFeature:
    """Serve."""
    # Other modules see their own section; this one edits those of all.
    if not isinstance(context.settings, Settings):
        raise TypeError(f"the settings of the console need all sections, not {type(context.settings).__name__}")
    feature = SettingsFeature(AllSettings(context.settings, context.clock))
    bus = context.bus
    bus.serve(ListSettings, feature.sections)
    bus.serve(GetSettings, feature.section)
    bus.serve(PutSettings, feature.put)
    bus.serve(ListSettingChanges, feature.changes)
    bus.serve(ListSectionChanges, feature.section_changes)
    bus.serve(RollbackSetting, feature.rollback)
    bus.serve(CompareSettings, feature.compare)
    bus.serve(ExportSettings, feature.export)
    bus.serve(ImportSettings, feature.take)
    return feature
