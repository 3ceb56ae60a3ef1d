"""The role model in memory: every decision is made here, and none asks the database.

The tables are built anew after every change, here at once, in other processes when they hear of it; a revision says
which is the newer. Beside the rules they hold who is a bot, told by the directory of the server.
"""

import asyncio
import logging
from collections.abc import Callable

from roschat.kernel.bus import Bus
from roschat.kernel.db import Database
from roschat.kernel.errors import NotFound, RoschatError
from roschat.modules.role_manager import store
from roschat.modules.role_manager.api import BASE_ROLE, RoleRule, RolesChanged
from roschat.modules.role_manager.rules import Tables, owned
from roschat.modules.role_manager.store import Role
from roschat.modules.server.directory.api import ContactChanged, ContactView, ListContacts
from roschat.types import ContactId
from roschat.wire.process import EventsMissed

PAGE = 1000
"""Cards in one answer of the directory, so that it fits into a message between processes."""
RETRY = 2.0
"""Seconds after which the directory, or the database, is asked again."""

log = logging.getLogger(__name__)

Change = Callable[[Tables, Tables], None]


class Rulebook:
    """See the module docstring. `tables`, `roles`, `rules`, `exceptions` and `contacts` are the present state."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._bus = bus
        self._loading = asyncio.Lock()
        self._listeners: list[Change] = []
        self._bots: set[ContactId] = set()
        self._stale = asyncio.Event()
        self.rev = 0
        self.tables = Tables()
        self.roles: dict[int, Role] = {}
        self.rules: dict[int, list[RoleRule]] = {}
        self.exceptions: dict[ContactId, list[RoleRule]] = {}
        self.contacts: dict[ContactId, bool] = {}
        """Everybody in the directory, and whether he is an active person."""
        self.whole = False
        """The directory has told who is in it."""

    def on_change(self, fn: Change) -> None:
        """Call with the tables before and after every change."""
        self._listeners.append(fn)

    async def start(self) -> None:
        """Load, and follow changes. First listen, then load: a change in between is taken in twice rather than not."""
        self._bus.subscribe(RolesChanged, self._changed)
        self._bus.subscribe(EventsMissed, self._missed)
        self._bus.subscribe(ContactChanged, self._contact_changed)
        await self.load()
        try:
            await self._load_contacts()
        except RoschatError as error:
            # In another process the server may come later than this module.
            log.info("the directory is asked again in a moment: %s", error.text)
            self._stale.set()

    async def keep_current(self) -> None:
        """Run for ever: read again what could not be read when it changed."""
        while True:
            await self._stale.wait()
            await asyncio.sleep(RETRY)
            self._stale.clear()
            try:
                await self.load()
                await self._load_contacts()
            except RoschatError as error:
                log.warning("roles may be out of date: %s", error.text)
                self._stale.set()

    async def load(self, at_least: int = 0) -> None:
        """Read the rules when the database may have newer ones than revision `at_least`."""
        async with self._loading:
            if at_least and self.rev >= at_least:
                return
            async with self._db.transaction() as tx:
                rev = await store.revision(tx)
                roles, members, rules = await store.roles(tx), await store.members(tx), await store.rules(tx)
            self.rev = rev
            self.roles = {role.id: role for role in roles}
            self.rules = {role.id: [] for role in roles}
            self.exceptions = {}
            for one in rules:
                (self.rules[one.role] if one.role else self.exceptions.setdefault(one.cid, [])).append(one.rule)
            self._replace(
                Tables(
                    {role: owned(written, role=role) for role, written in self.rules.items() if written},
                    {cid: owned(written, cid=cid) for cid, written in self.exceptions.items()},
                    dict(members),
                    frozenset(self._bots),
                )
            )

    def role(self, number: int) -> Role:
        """A role; raises NotFound."""
        role = self.roles.get(number)
        if role is None:
            raise NotFound(f"There is no role {number}; ask list-roles for those there are.")
        return role

    def role_of(self, cid: ContactId) -> int:
        """The role of a contact."""
        return self.tables.role_of.get(cid, BASE_ROLE)

    def check_contact(self, cid: ContactId) -> None:
        """Raises NotFound unless the directory has the contact."""
        if cid not in self.contacts:
            raise NotFound(f"There is no contact {cid} in the directory.")

    def members(self) -> dict[int, int]:
        """Active people by role."""
        counts = dict.fromkeys(self.roles, 0)
        for cid, person in self.contacts.items():
            if person:
                counts[self.role_of(cid)] += 1
        return counts

    async def _changed(self, event: RolesChanged) -> None:
        try:
            await self.load(event.rev)
        except RoschatError as error:
            log.warning("roles are out of date until the database answers: %s", error.text)
            self._stale.set()

    async def _missed(self, _: EventsMissed) -> None:
        self._stale.set()

    def _contact_changed(self, event: ContactChanged) -> None:
        if self._take(event.contact):
            self._reach()

    async def _load_contacts(self) -> None:
        after = ContactId(0)
        while True:
            page = await self._bus.call(ListContacts(after, PAGE))
            for view in page:
                self._take(view)
            if len(page) < PAGE:
                break
            after = page[-1].cid
        self.whole = True
        self._reach()

    def _take(self, view: ContactView) -> bool:
        """Note a contact; answers whether it is a bot that was not known."""
        self.contacts[view.cid] = view.active and view.kind == "person"
        if view.kind == "person" or view.cid in self._bots:
            return False
        self._bots.add(view.cid)
        return True

    def _reach(self) -> None:
        now = self.tables
        if now.apart != self._bots:
            self._replace(Tables(now.roles, now.people, now.role_of, frozenset(self._bots)))

    def _replace(self, tables: Tables) -> None:
        before, self.tables = self.tables, tables
        for fn in self._listeners:
            fn(before, tables)
