"""The accounts of developers: made, changed, blocked and deleted by an administrator."""

import psycopg

from roschat.kernel import audit, formats
from roschat.kernel.bus import Bus
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import NotFound
from roschat.kernel.passwords import Passwords
from roschat.modules.bots import store as bots
from roschat.modules.bots.administration import store
from roschat.modules.bots.administration.api import (
    BlockDeveloper,
    ChangeDeveloper,
    CreateDeveloper,
    DeleteDeveloper,
    DeveloperNumber,
    DeveloperView,
    ListDevelopers,
    ResetDeveloperPassword,
)
from roschat.modules.bots.api import BotsChanged, DeleteBot
from roschat.modules.bots.developers import MAX_LOGIN, MIN_PASSWORD
from roschat.modules.bots.registry import Registry
from roschat.wire.message import Caller, Empty

MAX_NAME = 100
MAX_PASSWORD = 256


class DeveloperAccounts:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, passwords: Passwords, registry: Registry) -> None:
        self._db = db
        self._bus = bus
        self._passwords = passwords
        self._registry = registry

    def start(self) -> None:
        """Serve the console."""
        self._bus.serve(ListDevelopers, self.listed)
        self._bus.serve(CreateDeveloper, self.create)
        self._bus.serve(ChangeDeveloper, self.change)
        self._bus.serve(ResetDeveloperPassword, self.reset_password)
        self._bus.serve(BlockDeveloper, self.block)
        self._bus.serve(DeleteDeveloper, self.delete)

    async def listed(self, command: ListDevelopers, _: Caller) -> list[DeveloperView]:
        """Serve list-developers."""
        async with self._db.reading() as tx:
            return await store.developers(tx, command.text.strip().casefold()[:200])

    async def create(self, command: CreateDeveloper, caller: Caller) -> DeveloperNumber:
        """Serve create-developer."""
        login, name = _login(command.login), command.name.strip()
        formats.refuse(
            {"login": _bad_login(login), "name": _bad_name(name), "password": _bad_password(command.password)}
        )
        hashed = await self._passwords.hash(command.password)
        try:
            async with self._db.transaction() as tx:
                number = await store.add(tx, login, hashed, name)
                await audit.record(tx, caller, "create-developer", login, None, {"name": name})
        except psycopg.errors.UniqueViolation:
            formats.refuse({"login": "taken"})
            raise
        return DeveloperNumber(number)

    async def change(self, command: ChangeDeveloper, caller: Caller) -> Empty:
        """Serve change-developer."""
        login, name = _login(command.login), command.name.strip()
        formats.refuse({"login": _bad_login(login), "name": _bad_name(name)})
        try:
            async with self._db.transaction() as tx:
                before = await self._known(tx, command.id)
                await store.change(tx, command.id, login, name)
                await audit.record(
                    tx,
                    caller,
                    "change-developer",
                    before.login,
                    {"login": before.login, "name": before.name},
                    {"login": login, "name": name},
                )
        except psycopg.errors.UniqueViolation:
            formats.refuse({"login": "taken"})
            raise
        return Empty()

    async def reset_password(self, command: ResetDeveloperPassword, caller: Caller) -> Empty:
        """Serve reset-developer-password."""
        formats.refuse({"password": _bad_password(command.password)})
        hashed = await self._passwords.hash(command.password)
        async with self._db.transaction() as tx:
            known = await self._known(tx, command.id)
            await store.set_password(tx, command.id, hashed)
            await bots.end_sessions(tx, command.id)
            await audit.record(tx, caller, "reset-developer-password", known.login)
        return Empty()

    async def block(self, command: BlockDeveloper, caller: Caller) -> Empty:
        """Serve block-developer."""
        async with self._db.transaction() as tx:
            known = await self._known(tx, command.id)
            await store.set_blocked(tx, command.id, command.blocked)
            if command.blocked:
                await bots.end_sessions(tx, command.id)
            await audit.record(
                tx, caller, "block-developer", known.login, {"blocked": known.blocked}, {"blocked": command.blocked}
            )
        return Empty()

    async def delete(self, command: DeleteDeveloper, caller: Caller) -> Empty:
        """Serve delete-developer."""
        formats.refuse({"bots": "" if command.bots in ("keep", "delete") else "bad-value"})
        async with self._db.reading() as tx:
            await self._known(tx, command.id)
        if command.bots == "delete":
            for bot in [bot for bot in self._registry.bots.values() if bot.developer == command.id]:
                await self._registry.delete(DeleteBot(bot.cid), caller)
        async with self._db.transaction() as tx:
            known = await self._known(tx, command.id)
            await store.delete(tx, command.id)
            await audit.record(
                tx, caller, "delete-developer", known.login, {"name": known.name, "bots": known.bots}, None
            )
            tx.emit(BotsChanged())
        await self._registry.load()
        return Empty()

    async def _known(self, tx: Transaction, number: int) -> DeveloperView:
        known = await store.developer(tx, number) if 0 < number < 2**63 else None
        if known is None:
            raise NotFound(f"There is no developer {number}.")
        return known


def _login(login: str) -> str:
    return login.strip().casefold()


def _bad_login(login: str) -> str:
    if not login:
        return "empty"
    if len(login) > MAX_LOGIN:
        return "too-long"
    return "" if login.isprintable() and not any(c.isspace() for c in login) else "bad-value"


def _bad_name(name: str) -> str:
    if len(name) > MAX_NAME:
        return "too-long"
    return "" if name.isprintable() else "bad-value"


def _bad_password(password: str) -> str:
    if not password:
        return "empty"
    if len(password) < MIN_PASSWORD:
        return "too-short"
    return "too-long" if len(password) > MAX_PASSWORD else ""
