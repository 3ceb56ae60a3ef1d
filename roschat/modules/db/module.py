"""Wires the backups."""

from roschat.kernel.aio import Tasks
from roschat.kernel.errors import RoschatError
from roschat.kernel.options import decode_local
from roschat.kernel.service import Context, Health, Module
from roschat.modules.db.api import (
    DOWNLOAD,
    UPLOAD,
    BackupJob,
    BackupProgress,
    BackupsView,
    CancelRestore,
    GetBackupProgress,
    ListBackups,
    MakeBackup,
    ProveBackup,
    RemoveBackup,
    RestoreBackup,
)
from roschat.modules.db.making import Installation
from roschat.modules.db.schedule import Schedule, log
from roschat.modules.db.service import Backups
from roschat.modules.db.settings import Local, Settings
from roschat.modules.db.web import Streams
from roschat.wire.message import Caller, Empty
from roschat.wire.rest import PREFIX


class Db(Module):
    """Backups, their schedule, and the streams of archives."""

    def __init__(self) -> None:
        self._tasks = Tasks("backups")
        self._backups: Backups | None = None

    async def start(self, context: Context) -> None:
        """Build and serve."""
        local = decode_local(Local, context.local, "db.toml")
        settings = await context.settings.section("db", Settings)
        here = Installation(context.db.dsn, context.data, local.programs)
        backups = self._backups = Backups(
            context.db, context.jobs, context.clock, here, settings, alone=not context.shared
        )

        async def listed(command: ListBackups, caller: Caller) -> BackupsView:
            return await backups.view()

        async def make(command: MakeBackup, caller: Caller) -> BackupJob:
            return BackupJob(await backups.make(caller))

        async def prove(command: ProveBackup, caller: Caller) -> BackupJob:
            return BackupJob(await backups.prove(command.name, command.passphrase, caller))

        async def restore(command: RestoreBackup, caller: Caller) -> BackupJob:
            return BackupJob(await backups.restore(command.name, command.confirm, command.passphrase, caller))

        async def cancel(command: CancelRestore, caller: Caller) -> Empty:
            await backups.cancel_restore(caller)
            return Empty()

        async def remove(command: RemoveBackup, caller: Caller) -> Empty:
            await backups.remove(command.name, command.confirm, caller)
            return Empty()

        async def progress(command: GetBackupProgress, caller: Caller) -> BackupProgress:
            return await backups.progress(command.job)

        context.bus.serve(ListBackups, listed)
        context.bus.serve(MakeBackup, make)
        context.bus.serve(ProveBackup, prove)
        context.bus.serve(RestoreBackup, restore)
        context.bus.serve(CancelRestore, cancel)
        context.bus.serve(RemoveBackup, remove)
        context.bus.serve(GetBackupProgress, progress)
        streams = Streams(context.bus, backups)
        console = context.routes("console")
        console.add("GET", PREFIX + DOWNLOAD.path, streams.download)
        console.add("POST", PREFIX + UPLOAD.path, streams.upload, max_body=None)
        schedule = Schedule(backups, settings)

        async def by_schedule() -> None:
            try:
                await backups.clear()
            except RoschatError as error:
                log.warning("what an interrupted restore left stays for now: %s", error.text)
            await schedule.run()

        await backups.tell()
        self._tasks.spawn(context.leases.hold("db.backups", by_schedule), "schedule")

    async def stop(self) -> None:
        """End the schedule; what is being made is interrupted with the jobs."""
        await self._tasks.stop()

    async def health(self) -> Health:
        """The age of the last backup, and whether the last one failed."""
        return await self._backups.health() if self._backups is not None else Health()
