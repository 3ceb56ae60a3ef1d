"""Wires the role model."""

from roschat.kernel.aio import Tasks
from roschat.kernel.service import Context, Health, Module, State
from roschat.modules.role_manager import api
from roschat.modules.role_manager.enforcement import Enforcement
from roschat.modules.role_manager.news import News
from roschat.modules.role_manager.permissions import permissions
from roschat.modules.role_manager.roles import Roles
from roschat.modules.role_manager.rulebook import Rulebook
from roschat.modules.role_manager.sight import Sight
from roschat.modules.role_manager.views import Views
from roschat.modules.server.contacts.api import RoleMembers
from roschat.types import ContactId
from roschat.wire.message import Caller, Empty


class RoleModel(Module):
    """Roles in memory, their changes, and the answers of the hooks."""

    def __init__(self) -> None:
        self._tasks = Tasks("role_manager")

    async def start(self, context: Context) -> None:
        """Load the rules, then answer; nobody is asked before they are known."""
        bus = context.bus
        self._rulebook = rulebook = Rulebook(context.db, bus)
        roles, views = Roles(context.db, rulebook), Views(rulebook)
        await rulebook.start()
        sight, news = Sight(bus, rulebook), News(bus, rulebook)
        sight.start()
        Enforcement(bus, rulebook, sight).start()
        rulebook.on_change(news.note)

        async def list_roles(command: api.ListRoles, caller: Caller) -> list[api.RoleView]:
            return views.all()

        async def add_role(command: api.AddRole, caller: Caller) -> api.RoleCard:
            return views.card(await roles.add(caller, command.name, command.description))

        async def get_role(command: api.GetRole, caller: Caller) -> api.RoleCard:
            return views.card(command.role)

        async def change_role(command: api.ChangeRole, caller: Caller) -> api.RoleCard:
            await roles.change(caller, command.role, command.name, command.description)
            return views.card(command.role)

        async def delete_role(command: api.DeleteRole, caller: Caller) -> Empty:
            await roles.delete(caller, command.role)
            return Empty()

        async def set_rules(command: api.SetRoleRules, caller: Caller) -> api.RoleCard:
            await roles.set_rules(caller, command.role, command.rules)
            return views.card(command.role)

        async def give_role(command: api.GiveRole, caller: Caller) -> api.RoleCard:
            await roles.give(caller, command.role, command.contacts)
            return views.card(command.role)

        async def get_contact_role(command: api.GetContactRole, caller: Caller) -> api.ContactRole:
            return views.contact(command.cid)

        async def set_contact_role(command: api.SetContactRole, caller: Caller) -> api.ContactRole:
            rulebook.check_contact(command.cid)
            await roles.give(caller, command.role, [command.cid])
            return views.contact(command.cid)

        async def set_exceptions(command: api.SetContactExceptions, caller: Caller) -> api.ContactRole:
            await roles.set_exceptions(caller, command.cid, command.exceptions)
            return views.contact(command.cid)

        async def matrix(command: api.GetRoleMatrix, caller: Caller) -> list[api.MatrixRow]:
            return views.matrix()

        async def pairs(command: api.GetRolePairs, caller: Caller) -> list[api.PairRow]:
            return views.pairs(command.action)

        async def check(command: api.CheckRoles, caller: Caller) -> api.RoleDecision:
            return views.check(command)

        async def contact_roles(command: api.ContactRoles, caller: Caller) -> list[int]:
            return [rulebook.role_of(cid) for cid in command.cids]

        async def role_members(command: RoleMembers, caller: Caller) -> list[ContactId]:
            rulebook.role(command.role)
            return [cid for cid in rulebook.contacts if rulebook.role_of(cid) == command.role]

        async def get_permissions(command: api.GetPermissions, caller: Caller) -> api.Permissions:
            return await permissions(rulebook, command, caller)

        bus.serve(api.ListRoles, list_roles)
        bus.serve(api.AddRole, add_role)
        bus.serve(api.GetRole, get_role)
        bus.serve(api.ChangeRole, change_role)
        bus.serve(api.DeleteRole, delete_role)
        bus.serve(api.SetRoleRules, set_rules)
        bus.serve(api.GiveRole, give_role)
        bus.serve(api.GetContactRole, get_contact_role)
        bus.serve(api.SetContactRole, set_contact_role)
        bus.serve(api.SetContactExceptions, set_exceptions)
        bus.serve(api.GetRoleMatrix, matrix)
        bus.serve(api.GetRolePairs, pairs)
        bus.serve(api.CheckRoles, check)
        bus.serve(api.ContactRoles, contact_roles)
        bus.serve(RoleMembers, role_members)
        bus.serve(api.GetPermissions, get_permissions)
        self._tasks.spawn(rulebook.keep_current(), "following")
        self._tasks.spawn(news.keep_telling(), "telling")

    async def stop(self) -> None:
        """End the following. From now on nobody answers, which allows everything."""
        await self._tasks.stop()

    async def health(self) -> Health:
        """Rules are in memory; what is missing is told."""
        if not self._rulebook.whole:
            text = (
                "The directory has not been read yet; who sees a part of it sees nothing of it until the server runs."
            )
            return Health(State.DEGRADED, text)
        return Health()
