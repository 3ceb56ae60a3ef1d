"""Backups: making, proving and restoring archives of the whole installation."""

from roschat.wire.declare import ADMIN, command
from roschat.wire.message import Command, Empty, Message, Secret
from roschat.wire.rest import rest, stream

DOWNLOAD = stream(
    "GET",
    "/backups/{name}/archive",
    tag="backups",
    summary="Download an archive.",
    access=ADMIN,
    gives="application/gzip",
)
UPLOAD = stream(
    "POST",
    "/backups/archive",
    tag="backups",
    summary="Upload an archive under `name` of the query; the answer is a BackupView. What is no backup is refused.",
    access=ADMIN,
    takes="application/gzip",
    gives="application/json",
)


class BackupProof(Message, frozen=True, omit_defaults=False):
    """The outcome of restoring an archive into a database beside; `text` says what was wrong. `time` is Unix time."""

    time: float
    ok: bool
    text: str


class BackupView(Message, frozen=True, omit_defaults=False):
    """An archive. Of one that came from elsewhere and was never read the counts are 0."""

    name: str
    made: float
    """Unix time."""
    size: int
    """Bytes of the archive."""
    origin: str
    """hand, schedule, safety (made before a restore) or upload"""
    who: str
    sealed: bool
    """It is encrypted and needs a passphrase."""
    program: str
    """Version of the program that made it."""
    tables: int
    rows: int
    files: int
    bytes: int
    """Unpacked."""
    proof: BackupProof | None = None


class BackupRun(Message, frozen=True, omit_defaults=False):
    """Something that was done about backups. Times are Unix time."""

    kind: str
    """make, prove or restore"""
    archive: str
    origin: str
    who: str
    started: float
    ended: float
    ok: bool
    text: str


class RestorePlan(Message, frozen=True, omit_defaults=False):
    """A restore that was prepared; the next start of the server carries it out."""

    archive: str
    who: str
    made: float
    state: str
    """ready, or failed: then nothing was changed and `text` says why"""
    text: str


class BackupsView(Message, frozen=True, omit_defaults=False):
    """The archives, the newest first, and how things stand with backups."""

    backups: list[BackupView]
    folder: str
    free: int
    """Bytes of free space there."""
    next_time: float
    """When the schedule makes the next one; 0: there is no schedule."""
    sealing: bool
    """New archives are encrypted under the passphrase of the settings."""
    busy: bool
    """One is being made, proven or restored."""
    plan: RestorePlan | None
    runs: list[BackupRun]
    """The last ones."""


@rest("GET", "/backups", tag="backups")
@command("list-backups", access=ADMIN)
class ListBackups(Command[BackupsView], frozen=True):
    """All archives in the folder of backups."""


class BackupJob(Message, frozen=True, omit_defaults=False):
    """The job that does it: `GET /jobs/{id}`."""

    job: int


@rest("POST", "/backups", tag="backups")
@command("make-backup", access=ADMIN)
class MakeBackup(Command[BackupJob], frozen=True):
    """Make an archive of now; the job's result is {"name"}. Errors: `busy`; of the job also `no-space`."""


@rest("POST", "/backups/{name}/prove", tag="backups")
@command("prove-backup", access=ADMIN)
class ProveBackup(Command[BackupJob], frozen=True):
    """Check every byte, restore into a database beside and compare the rows of every table; then drop it again.

    Without `passphrase` that of the settings is tried. Errors: `not-found`, `busy`; of the job `backup-damaged`,
    `bad-passphrase`, `no-space`.
    """

    name: str
    passphrase: Secret = ""


@rest("POST", "/backups/{name}/restore", tag="backups")
@command("restore-backup", access=ADMIN)
class RestoreBackup(Command[BackupJob], frozen=True):
    """Prepare everything to go back to an archive, after making one of now; the next start switches.

    `confirm` is the name of the archive once more. The job's result is {"restart": true}. Whatever goes wrong before
    the switch changes nothing. Errors as of prove-backup, and `backup-refused` for one of a newer program.
    """

    name: str
    confirm: str
    passphrase: Secret = ""


@rest("DELETE", "/backups/plan", tag="backups")
@command("cancel-restore", access=ADMIN)
class CancelRestore(Command[Empty], frozen=True):
    """Do not restore at the next start after all; `not-found` when nothing was prepared."""


@rest("DELETE", "/backups/{name}", tag="backups")
@command("remove-backup", access=ADMIN)
class RemoveBackup(Command[Empty], frozen=True):
    """Delete an archive; `confirm` is its name once more."""

    name: str
    confirm: str


class BackupProgress(Message, frozen=True, omit_defaults=False):
    """How far a job is, as `GET /jobs/{id}` tells it."""

    state: str
    done: int
    total: int
    text: str
    result: dict[str, str | bool] | None = None


@command("get-backup-progress", access=ADMIN)
class GetBackupProgress(Command[BackupProgress], frozen=True):
    """For the command line, which may run without the module that serves jobs."""

    job: int
