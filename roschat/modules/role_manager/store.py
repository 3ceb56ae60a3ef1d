"""All SQL of roles. Whatever changes them takes `next_revision` first and is alone until its commit."""

from collections.abc import Sequence

from msgspec import Struct

from roschat.kernel.db import Transaction
from roschat.modules.role_manager.api import BASE_ROLE, RoleAction, RoleRule, RuleScope
from roschat.types import ContactId


class Role(Struct, frozen=True):
    """A role without its rules."""

    id: int
    name: str
    description: str


class OwnedRule(Struct, frozen=True):
    """A rule of a role, or of a contact; the other is 0."""

    role: int
    cid: ContactId
    rule: RoleRule


def _owned(
    role: int | None, cid: int | None, action: str, allow: bool, scope: str, roles: list[int], contacts: list[int]
) -> OwnedRule:
    named = [ContactId(one) for one in contacts]
    return OwnedRule(
        role or 0, ContactId(cid or 0), RoleRule(RoleAction(action), allow, RuleScope(scope), roles, named)
    )


async def revision(tx: Transaction) -> int:
    """The revision; until the end of the transaction nobody changes anything."""
    return int(await tx.value("SELECT rev FROM role_manager.revision FOR SHARE"))


async def next_revision(tx: Transaction) -> int:
    """The next revision; the transaction is alone from here on."""
    return int(await tx.value("UPDATE role_manager.revision SET rev = rev + 1 RETURNING rev"))


async def roles(tx: Transaction) -> list[Role]:
    """All roles, the base role first, then by name."""
    return await tx.rows(
        "SELECT id, name, description FROM role_manager.role ORDER BY id <> %s, lower(name)", BASE_ROLE, kind=Role
    )


async def members(tx: Transaction) -> list[tuple[ContactId, int]]:
    """Who has another role than the base role."""
    return await tx.rows("SELECT cid, role FROM role_manager.member", kind=lambda cid, role: (ContactId(cid), role))


async def rules(tx: Transaction) -> list[OwnedRule]:
    """All rules of all roles and contacts, in the order in which they were written."""
    return await tx.rows(
        "SELECT role, cid, action, allow, scope, roles, contacts FROM role_manager.rule ORDER BY id", kind=_owned
    )


async def add_role(tx: Transaction, name: str, description: str) -> int:
    """A new role; UniqueViolation when the name is taken."""
    return int(
        await tx.value(
            "INSERT INTO role_manager.role (name, description) VALUES (%s, %s) RETURNING id", name, description
        )
    )


async def change_role(tx: Transaction, role: int, name: str, description: str) -> None:
    """Name and describe a role; UniqueViolation when the name is taken."""
    await tx.run("UPDATE role_manager.role SET name = %s, description = %s WHERE id = %s", name, description, role)


async def delete_role(tx: Transaction, role: int) -> None:
    """Delete a role with its rules and memberships, and its number in the rules of others."""
    await tx.run("DELETE FROM role_manager.role WHERE id = %s", role)
    await tx.run("UPDATE role_manager.rule SET roles = array_remove(roles, %s) WHERE %s = ANY(roles)", role, role)
    await tx.run("DELETE FROM role_manager.rule WHERE scope = 'roles' AND roles = '{}'")


async def give(tx: Transaction, role: int, cids: Sequence[ContactId]) -> None:
    """Give contacts a role."""
    await tx.run("DELETE FROM role_manager.member WHERE cid = ANY(%s)", list(cids))
    if role != BASE_ROLE:
        await tx.run(
            "INSERT INTO role_manager.member (cid, role) SELECT unnest(%s::bigint[]), %s::bigint", list(cids), role
        )


async def put_rules(tx: Transaction, role: int, cid: ContactId, written: Sequence[RoleRule]) -> None:
    """Replace the rules of a role, or of a contact when `role` is 0."""
    await tx.run("DELETE FROM role_manager.rule WHERE role = %s OR cid = %s", role or None, cid or None)
    for rule in written:
        await tx.run(
            "INSERT INTO role_manager.rule (role, cid, action, allow, scope, roles, contacts) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            role or None, cid or None, rule.action.value, rule.allow, rule.scope.value, rule.roles, rule.contacts,
        )  # fmt: skip
