"""The private PostgreSQL of an installation without a database server of its own.

Everything lies in the data folder: `postgres/cluster` (its files), `postgres/etc` (its configuration, written anew at
every start), `postgres/socket` (mode 0700; there is no TCP), `log/postgres`. It runs under an unprivileged account when
we are root, is started by `pg_ctl` outside our process group, watched through a pidfd, started again when somebody
kills it, and stopped last. A server that a killed run of the program left behind is taken over, not doubled.
"""

import asyncio
import getpass
import hashlib
import logging
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import AsyncConnection

from roschat.kernel.errors import Unavailable
from roschat.kernel.postgres_binaries import PostgresFailed, account_for, check_reachable, find_binaries

log = logging.getLogger(__name__)

USER = "roschat"
DATABASE = "roschat"
START_LIMIT = 60
"""Seconds for pg_ctl: recovery after a crash replays what was written since the last checkpoint."""
RETRY_LIMIT = 15
"""Seconds in which a start that is refused is tried again: leftovers of a killed server go away by themselves."""
ANSWER_LIMIT = 5
"""Seconds in which a running server takes a connection and answers a trivial query."""
BACK_OFF = (0.1, 0.5, 1, 2, 5)
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "wal_compression": "on",
    "min_wal_size": "128MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "10min",
    "jit": "off",
    "random_page_cost": "1.1",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_filename": "'postgresql-%a.log'",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_min_duration_statement": "1s",
    "lc_messages": "C",
}


class Postgres:
    """One private server in `data`.

    `binaries` is the folder of PostgreSQL's programs when it shall not be searched, `settings` are added to
    postgresql.conf, `sync=False` is for data that may be lost. `on_trouble` hears a sentence when the server is gone
    and an empty text when it runs again.
    """

    def __init__(
        self,
        data: Path,
        *,
        binaries: Path | None = None,
        settings: Mapping[str, str] | None = None,
        sync: bool = True,
        on_trouble: Callable[[str], None] | None = None,
        retry_limit: float = RETRY_LIMIT,
        answer_limit: float = ANSWER_LIMIT,
    ) -> None:
        self._data = data.resolve()
        self._home = self._data / "postgres"
        self._cluster = self._home / "cluster"
        self._etc = self._home / "etc"
        self._logs = self._data / "log" / "postgres"
        self._start_log = self._logs / "start.log"
        self._configured = binaries
        self._settings = {**SETTINGS, **({} if sync else {"fsync": "off"}), **(settings or {})}
        self._sync = sync
        self._binaries = Path()
        self._account: pwd.struct_passwd | None = None
        self._pid = 0
        self._trouble = "PostgreSQL has not been started."
        self._on_trouble = on_trouble
        self._retry_limit = retry_limit
        self._answer_limit = answer_limit
        self._watch: asyncio.Task[None] | None = None
        self.socket = _socket_folder(self._home)

    @property
    def dsn(self) -> str:
        """Connection string of the program's database."""
        return self._dsn(DATABASE)

    @property
    def pid(self) -> int:
        """Process of the server, 0 when it is not running."""
        return self._pid

    async def start(self) -> None:
        """Make the cluster when there is none, start it, and keep it running. Raises PostgresFailed."""
        try:
            await asyncio.to_thread(self._prepare)
            await self._launch()
        except (OSError, subprocess.SubprocessError) as error:
            raise PostgresFailed(f"PostgreSQL cannot be started in {self._home}: {error}.") from error
        with suppress(psycopg.errors.DuplicateDatabase):
            await self._execute(f"CREATE DATABASE {DATABASE}")
        self._trouble = ""
        self._watch = asyncio.create_task(self._keep_running(), name="postgres-watch")

    async def stop(self) -> None:
        """Stop in order (`fast`: sessions are ended, everything is written), at once when that takes over 30 s."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        self._trouble = "PostgreSQL is stopped."
        if self._pid and await asyncio.to_thread(self._running_pid):
            await asyncio.to_thread(self._stop_now)
        self._pid = 0

    async def health(self) -> str:
        """Empty when the server takes a connection and answers, else one sentence."""
        if self._trouble:
            return self._trouble
        try:
            await self._execute("SELECT 1")
        except (psycopg.Error, Unavailable, TimeoutError) as error:
            return f"PostgreSQL does not answer ({error}); see {self._logs}."
        return ""

    # ---- the files

    def _prepare(self) -> None:
        self._account = account_for(self._cluster)
        version = self._cluster / "PG_VERSION"
        self._binaries = find_binaries(self._configured, int(version.read_text()) if version.exists() else None)
        for folder, mode in ((self._home, 0o711), (self._etc, 0o755), (self._logs, 0o700), (self.socket, 0o700)):
            folder.mkdir(parents=True, exist_ok=True)
            self._check_ours(folder)
            folder.chmod(mode)
        for folder in (self._logs, self.socket):
            self._give(folder)
        check_reachable(self._logs, self._account, "choose another data folder, for example /var/lib/roschat")
        check_reachable(self._binaries, self._account, "install PostgreSQL from the distribution")
        if not version.exists():
            self._make_cluster()
        self._configure()

    def _check_ours(self, folder: Path) -> None:
        """A folder prepared by somebody else, as anybody can in the temporary folder, would let them in."""
        owners = {os.geteuid(), self._account.pw_uid if self._account else os.geteuid()}
        if folder.is_symlink() or folder.stat().st_uid not in owners:
            raise PostgresFailed(f"{folder} belongs to somebody else: remove it, or choose another data folder.")

    def _make_cluster(self) -> None:
        """initdb beside the final place: one that was interrupted leaves nothing that looks like a cluster."""
        fresh = self._home / "cluster.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o700)
        self._give(fresh)
        options = ["-k", "-E", "UTF8", "--locale=C.UTF-8", "-U", USER, "-A", "peer", *([] if self._sync else ["-N"])]
        done = self._run(str(self._binaries / "initdb"), "-D", str(fresh), *options)
        if done.returncode:
            raise PostgresFailed(f"PostgreSQL could not make its files in {self._home}: {_last_line(done)}")
        fresh.rename(self._cluster)

    def _configure(self) -> None:
        """Only our own account may connect, as the one user there is; the kernel vouches for it (peer)."""
        self._etc.joinpath("pg_hba.conf").write_text("local all all peer map=roschat\n")
        self._etc.joinpath("pg_ident.conf").write_text(f'roschat "{getpass.getuser()}" {USER}\n')
        lines = {
            **self._settings,
            "data_directory": f"'{_quoted(self._cluster)}'",
            "hba_file": f"'{_quoted(self._etc / 'pg_hba.conf')}'",
            "ident_file": f"'{_quoted(self._etc / 'pg_ident.conf')}'",
            "unix_socket_directories": f"'{_quoted(self.socket)}'",
            "log_directory": f"'{_quoted(self._logs)}'",
        }
        text = "# Written by roschat at every start.\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())
        self._etc.joinpath("postgresql.conf").write_text(text)

    def _give(self, path: Path) -> None:
        if self._account is not None:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    # ---- the process

    async def _launch(self) -> None:
        """Start, or take over what runs already; refusals because of leftovers are tried again for a while."""
        deadline = time.monotonic() + self._retry_limit
        if left := await asyncio.to_thread(self._running_pid):
            os.kill(left, signal.SIGHUP)  # it reads the configuration of now
        while not await self._answers():
            done = await asyncio.to_thread(self._start_once)
            if done.returncode == 0 and await self._answers():
                return
            if time.monotonic() < deadline:
                await asyncio.sleep(0.2)
            elif left and await asyncio.to_thread(self._running_pid):
                log.warning("the PostgreSQL left by an earlier run (process %d) does not answer and is stopped", left)
                await asyncio.to_thread(self._stop_now)
                left, deadline = 0, time.monotonic() + self._retry_limit
            else:
                raise PostgresFailed(f"PostgreSQL did not start: {self._reason(done)} See {self._logs}.")

    def _start_once(self) -> subprocess.CompletedProcess[str]:
        if not self._running_pid():
            # A number that now belongs to some other process would make PostgreSQL refuse for ever.
            self._cluster.joinpath("postmaster.pid").unlink(missing_ok=True)
        self._start_log.unlink(missing_ok=True)
        configuration = f"-c config_file='{self._etc / 'postgresql.conf'}'"
        wait = ("-w", "-t", str(START_LIMIT))
        return self._command("pg_ctl", "start", "-s", *wait, "-l", str(self._start_log), "-o", configuration)

    def _stop_now(self) -> None:
        done = self._command("pg_ctl", "stop", "-w", "-m", "fast", "-t", "30")
        if done.returncode and self._running_pid():
            self._command("pg_ctl", "stop", "-w", "-m", "immediate", "-t", "10")

    def _reason(self, done: subprocess.CompletedProcess[str]) -> str:
        """What the server said itself, before what pg_ctl says about it."""
        said = self._start_log.read_text(errors="replace") if self._start_log.exists() else ""
        fatal = re.findall(r"(?:FATAL|PANIC): +(.+)", said)
        return f"{fatal[-1]}." if fatal else _last_line(done)

    async def _answers(self) -> bool:
        """Liveness by a real connection; remembers the process that answered."""
        self._pid = await asyncio.to_thread(self._running_pid)
        if not self._pid:
            return False
        try:
            await self._execute("SELECT 1")
        except (psycopg.Error, TimeoutError):
            return False
        return True

    async def _keep_running(self) -> None:
        while True:
            await _death_of(self._pid)
            self._pid = 0
            self._say("PostgreSQL was killed and is being started again.")
            attempt = 0
            while True:
                try:
                    await self._launch()
                    break
                except (PostgresFailed, OSError, subprocess.SubprocessError) as error:
                    self._say(str(error))
                    await asyncio.sleep(BACK_OFF[min(attempt, len(BACK_OFF) - 1)])
                    attempt += 1
            self._say("")

    def _say(self, trouble: str) -> None:
        self._trouble = trouble
        if trouble:
            log.error("%s", trouble)
        else:
            log.warning("PostgreSQL runs again")
        if self._on_trouble is not None:
            self._on_trouble(trouble)

    def _running_pid(self) -> int:
        """The postmaster of this cluster, checked against the process table, or 0."""
        try:
            pid = int(self._cluster.joinpath("postmaster.pid").read_text().split()[0])
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return 0
        # A zombie has an empty command line.
        return pid if os.fsencode(self._cluster) in arguments else 0

    def _command(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run(str(self._binaries / program), "-D", str(self._cluster), *arguments)

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        account = self._account
        return subprocess.run(  # noqa: S603 - programs found by find_binaries
            command,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=START_LIMIT + 30,
        )

    def _dsn(self, database: str) -> str:
        return psycopg.conninfo.make_conninfo(host=str(self.socket), user=USER, dbname=database)

    async def _execute(self, sql: LiteralString) -> None:
        async with asyncio.timeout(self._answer_limit):
            async with await AsyncConnection.connect(self._dsn("postgres"), autocommit=True) as connection:
                await connection.execute(sql)


async def _death_of(pid: int) -> None:
    """Return when the process is gone, at once when it is already."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    loop.add_reader(handle, gone.set)
    try:
        await gone.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)


def _socket_folder(home: Path) -> Path:
    """A Unix socket's path may have 107 bytes; a data folder too deep for that has it in the temporary folder."""
    near = home / "socket"
    if len(os.fsencode(near / ".s.PGSQL.5432")) <= 107:
        return near
    return Path(tempfile.gettempdir()) / f"roschat-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    last = (done.stdout.strip().splitlines() or ["no reason given"])[-1]
    return f"{last.rstrip('.')}."
