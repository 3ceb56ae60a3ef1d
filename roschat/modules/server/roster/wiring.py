"""Builds mass changes and connects them to the bus and the console's routes."""

from roschat.kernel.aio import Tasks
from roschat.kernel.passwords import Passwords
from roschat.kernel.service import Context, Health
from roschat.modules.server.directory.wiring import DirectoryFeature
from roschat.modules.server.roster.api import (
    ApplyMassPlan,
    DeleteImportPreset,
    DropMassPlan,
    GetImportFile,
    GetMassPlan,
    ImportFile,
    ImportPreset,
    ListImportPresets,
    ListMassPlans,
    ListMassRows,
    MailMassPasswords,
    MassPlans,
    MassPlanView,
    MassRows,
    MassStarted,
    PreviewImport,
    PreviewMassChange,
    SaveImportPreset,
    TemplateSample,
    TryTemplate,
    UndoMassPlan,
)
from roschat.modules.server.roster.applying import Applying
from roschat.modules.server.roster.exporting import Exporting
from roschat.modules.server.roster.importing import Importing
from roschat.modules.server.roster.letters import Letters
from roschat.modules.server.roster.pairs import Pairs
from roschat.modules.server.roster.plans import Plans
from roschat.modules.server.roster.presets import Presets
from roschat.modules.server.roster.samples import Samples
from roschat.modules.server.roster.seal import Seal
from roschat.modules.server.roster.sweep import keep_clear
from roschat.modules.server.roster.undoing import Undoing
from roschat.modules.server.roster.uploads import Uploads
from roschat.modules.server.roster.web import RosterRoutes
from roschat.wire.message import Caller, Empty


class RosterFeature:
    """The running feature: one method per command."""

    def __init__(
        self, plans: Plans, importing: Importing, presets: Presets, samples: Samples, passwords: Passwords, tasks: Tasks
    ) -> None:
        self._plans = plans
        self._importing = importing
        self._presets = presets
        self._samples = samples
        self._passwords = passwords
        self._tasks = tasks

    async def get_plan(self, command: GetMassPlan, caller: Caller) -> MassPlanView:
        """Serve get-mass-plan."""
        return await self._plans.view(command.plan)

    async def list_plans(self, command: ListMassPlans, caller: Caller) -> MassPlans:
        """Serve list-mass-plans."""
        return await self._plans.listed(command.page, command.size)

    async def list_rows(self, command: ListMassRows, caller: Caller) -> MassRows:
        """Serve list-mass-rows."""
        return await self._plans.rows(command.plan, command.only, command.text, command.page, command.size)

    async def undo(self, command: UndoMassPlan, caller: Caller) -> MassStarted:
        """Serve undo-mass-plan."""
        return await self._plans.undo(command.plan, caller)

    async def mail(self, command: MailMassPasswords, caller: Caller) -> MassStarted:
        """Serve mail-mass-passwords."""
        return await self._plans.mail(command.plan, command.language, caller)

    async def drop(self, command: DropMassPlan, caller: Caller) -> Empty:
        """Serve drop-mass-plan."""
        await self._plans.drop(command.plan, caller)
        return Empty()

    async def list_presets(self, command: ListImportPresets, caller: Caller) -> list[ImportPreset]:
        """Serve list-import-presets."""
        return await self._presets.listed()

    async def save_preset(self, command: SaveImportPreset, caller: Caller) -> Empty:
        """Serve save-import-preset."""
        await self._presets.save(command.preset, caller)
        return Empty()

    async def delete_preset(self, command: DeleteImportPreset, caller: Caller) -> Empty:
        """Serve delete-import-preset."""
        await self._presets.delete(command.name, caller)
        return Empty()

    async def get_file(self, command: GetImportFile, caller: Caller) -> ImportFile:
        """Serve get-import-file."""
        return await self._importing.file(command.file)

    async def try_template(self, command: TryTemplate, caller: Caller) -> TemplateSample:
        """Serve try-template."""
        return await self._samples.of(command)

    async def stop(self) -> None:
        """End the clearing."""
        await self._tasks.stop()
        self._passwords.close()

    async def health(self) -> Health:
        """Plans lie in the database, which tells its own health."""
        return Health()


async def start(context: Context, directory: DirectoryFeature) -> RosterFeature:
    """Build, recover, serve."""
    seal = Seal(context.secrets.get("mass-passwords"))
    passwords = Passwords()
    applying = Applying(context.db, context.bus, context.clock, passwords, seal, directory.written)
    undoing = Undoing(context.db, context.clock, directory.written)
    letters = Letters(context.db, context.bus, seal)
    plans = Plans(context.db, context.bus, context.clock, context.jobs, seal, applying, undoing, letters)
    uploads = Uploads(context.data / "server" / "imports", context.clock)
    importing = Importing(context.db, uploads, plans)
    presets = Presets(context.db)
    samples = Samples(context.db, context.bus)
    tasks = Tasks("roster")
    feature = RosterFeature(plans, importing, presets, samples, passwords, tasks)
    await plans.recover()
    serve = context.bus.serve
    serve(PreviewMassChange, plans.preview)
    serve(ApplyMassPlan, plans.apply)
    serve(PreviewImport, importing.preview)
    serve(GetMassPlan, feature.get_plan)
    serve(ListMassPlans, feature.list_plans)
    serve(ListMassRows, feature.list_rows)
    serve(UndoMassPlan, feature.undo)
    serve(MailMassPasswords, feature.mail)
    serve(DropMassPlan, feature.drop)
    serve(ListImportPresets, feature.list_presets)
    serve(SaveImportPreset, feature.save_preset)
    serve(DeleteImportPreset, feature.delete_preset)
    serve(GetImportFile, feature.get_file)
    serve(TryTemplate, feature.try_template)
    web = RosterRoutes(context.bus, uploads, Exporting(context.db, context.bus), Pairs(context.db, seal, plans))
    web.add_to(context.routes("console"))
    tasks.spawn(context.leases.hold("server.roster", lambda: keep_clear(plans, uploads)), "clearing")
    return feature
