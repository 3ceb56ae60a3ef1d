"""Changing the role model: roles, their rules, who has them, personal exceptions.

Each change is one transaction with its entry in the audit. When the answer is given it counts in this process; others
hear of it at once.
"""

from collections.abc import Awaitable, Callable, Sequence

import psycopg

from roschat.kernel import audit, formats
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Invalid, NotFound, TooLarge
from roschat.modules.role_manager import store
from roschat.modules.role_manager.api import BASE_ROLE, MAX_ROLES, RoleRule, RolesChanged
from roschat.modules.role_manager.rulebook import Rulebook
from roschat.modules.role_manager.rules import checked
from roschat.types import NOBODY, ContactId
from roschat.wire.message import Caller

MAX_NAME = 100
MAX_DESCRIPTION = 1000
MAX_GIVEN = 100_000
"""Contacts that can be given a role at once."""


class Roles:
    """See the module docstring. All methods raise NotFound for what is not there."""

    def __init__(self, db: Database, rulebook: Rulebook) -> None:
        self._db = db
        self._rulebook = rulebook

    async def add(self, caller: Caller, name: str, description: str) -> int:
        """A new role. Raises Invalid, TooLarge."""
        name, description = _named(name, description)
        if len(self._rulebook.roles) >= MAX_ROLES:
            raise TooLarge(f"There are {MAX_ROLES} roles, more are not kept; delete one.")
        made = 0

        async def write(tx: Transaction) -> None:
            nonlocal made
            made = await store.add_role(tx, name, description)
            after = {"name": name, "description": description}
            await audit.record(tx, caller, "roles.add", name, None, after)

        await self._change(write, name)
        return made

    async def change(self, caller: Caller, role: int, name: str, description: str) -> None:
        """Name and describe a role. Raises Invalid."""
        known = self._rulebook.role(role)
        name, description = _named(name, description)
        if role == BASE_ROLE and name != known.name:
            raise Invalid(f"The base role keeps its name, «{known.name}».", fields={"name": "bad-value"})

        async def write(tx: Transaction) -> None:
            await store.change_role(tx, role, name, description)
            before = {"name": known.name, "description": known.description}
            await audit.record(
                tx, caller, "roles.change", known.name, before, {"name": name, "description": description}
            )

        await self._change(write, name)

    async def delete(self, caller: Caller, role: int) -> None:
        """Delete a role; its members have the base role then. Raises Invalid."""
        known = self._rulebook.role(role)
        if role == BASE_ROLE:
            raise Invalid("The base role cannot be deleted; it is the role of everybody who has no other.")
        before = {
            "name": known.name,
            "description": known.description,
            "members": sorted(cid for cid, his in self._rulebook.tables.role_of.items() if his == role),
            "rules": self._rulebook.rules[role],
        }

        async def write(tx: Transaction) -> None:
            await store.delete_role(tx, role)
            await audit.record(tx, caller, "roles.delete", known.name, before)

        await self._change(write)

    async def set_rules(self, caller: Caller, role: int, rules: Sequence[RoleRule]) -> None:
        """Replace the rules of a role. Raises Invalid."""
        known = self._rulebook.role(role)
        if role == BASE_ROLE and rules:
            raise Invalid("The base role restricts nothing; make another role, and give it to those it is for.")
        written = self._checked(rules)

        async def write(tx: Transaction) -> None:
            await store.put_rules(tx, role, NOBODY, written)
            await audit.record(tx, caller, "roles.rules", known.name, self._rulebook.rules.get(role, []), written)

        await self._change(write)

    async def give(self, caller: Caller, role: int, cids: Sequence[ContactId]) -> None:
        """Give contacts a role. Raises Invalid, TooLarge."""
        known = self._rulebook.role(role)
        given = list(dict.fromkeys(cids))
        if len(given) > MAX_GIVEN:
            raise TooLarge(f"{len(given)} contacts cannot be given a role at once; name at most {MAX_GIVEN}.")
        for cid in given:
            if cid not in self._rulebook.contacts:
                raise Invalid(f"There is no contact {cid} in the directory.", fields={"contacts": "unknown"})
        moved = [cid for cid in given if self._rulebook.role_of(cid) != role]
        if not moved:
            return
        before = {str(cid): self._rulebook.role(self._rulebook.role_of(cid)).name for cid in moved}

        async def write(tx: Transaction) -> None:
            await store.give(tx, role, moved)
            await audit.record(tx, caller, "roles.give", known.name, before, {"contacts": moved})

        await self._change(write)

    async def set_exceptions(self, caller: Caller, cid: ContactId, rules: Sequence[RoleRule]) -> None:
        """Replace the personal exceptions of a contact. Raises Invalid."""
        self._rulebook.check_contact(cid)
        written = self._checked(rules)

        async def write(tx: Transaction) -> None:
            await store.put_rules(tx, 0, cid, written)
            before = self._rulebook.exceptions.get(cid, [])
            await audit.record(tx, caller, "roles.exceptions", f"contact {cid}", before, written)

        await self._change(write)

    def _checked(self, rules: Sequence[RoleRule]) -> list[RoleRule]:
        return checked(rules, self._rulebook.roles.keys(), self._rulebook.contacts.keys())

    async def _change(self, write: Callable[[Transaction], Awaitable[None]], name: str = "") -> None:
        try:
            async with self._db.transaction() as tx:
                rev = await store.next_revision(tx)
                await write(tx)
                tx.emit(RolesChanged(rev))
        except psycopg.errors.UniqueViolation:
            raise Invalid(
                f"Another role is called {name!r} already; choose another name.", fields={"name": "taken"}
            ) from None
        except psycopg.errors.ForeignKeyViolation:
            raise NotFound("The role was deleted at this moment.") from None
        await self._rulebook.load(rev)


def _named(name: str, description: str) -> tuple[str, str]:
    name, description = " ".join(name.split()), description.strip()
    formats.refuse(
        {
            "name": "empty" if not name else "too-long" if len(name) > MAX_NAME else _shown(name),
            "description": "too-long" if len(description) > MAX_DESCRIPTION else _shown(description.replace("\n", " ")),
        }
    )
    return name, description


def _shown(text: str) -> str:
    return "" if text.isprintable() else "bad-value"
