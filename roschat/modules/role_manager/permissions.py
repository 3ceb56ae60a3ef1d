"""What a person may do, told to his own client, so that it does not offer what would be refused."""

from roschat.modules.role_manager.api import GetPermissions, Permission, Permissions, RoleAction
from roschat.modules.role_manager.rulebook import Rulebook
from roschat.modules.role_manager.rules import QUESTIONS, Tables
from roschat.types import NOBODY, ContactId, PeerKind
from roschat.wire.message import Caller


async def permissions(rulebook: Rulebook, command: GetPermissions, caller: Caller) -> Permissions:
    """See the command."""
    target = ContactId(command.cid) if command.cid_type is PeerKind.USER else NOBODY
    general = not command.cid
    return Permissions([_permission(rulebook.tables, caller.cid, target, action, general) for action in RoleAction])


def _permission(tables: Tables, cid: ContactId, target: ContactId, action: RoleAction, general: bool) -> Permission:
    denial = tables.denial(cid, target, action)
    reason = "" if denial is None else "own" if denial.owner == cid else "other"
    return Permission(action, denial is None, reason, general and _names(tables, cid, action))


def _names(tables: Tables, cid: ContactId, action: RoleAction) -> bool:
    return any(
        table is not None and table.named > 0
        for mine, asked in QUESTIONS[action]
        if mine
        for table in tables.about(cid, asked)
    )
