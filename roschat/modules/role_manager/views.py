"""The role model as the console shows it: cards, the table of a contact, matrices, and the answer of «Проверить»."""

from roschat.modules.role_manager.api import (
    BASE_ROLE,
    CheckRoles,
    ContactRole,
    ContactRoleRow,
    DecidingRule,
    MatrixCell,
    MatrixRow,
    PairCell,
    PairRow,
    RoleAction,
    RoleCard,
    RoleDecision,
    RoleView,
)
from roschat.modules.role_manager.rulebook import Rulebook
from roschat.modules.role_manager.rules import Decision, Side, Tables, decide
from roschat.types import NOBODY, ContactId

_ONE, _OTHER = ContactId(-1), ContactId(-2)
"""Two contacts whom no rule names, to ask about roles."""


class Views:
    """Reads the rulebook. Methods raise NotFound for a role or contact that is not there."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    def all(self) -> list[RoleView]:
        """All roles, the base role first, then by name."""
        book, members = self._rulebook, self._rulebook.members()
        return [
            RoleView(
                role.id, role.name, role.description, role.id == BASE_ROLE, members[role.id], len(book.rules[role.id])
            )
            for role in book.roles.values()
        ]

    def card(self, number: int) -> RoleCard:
        """A role with its rules."""
        role = self._rulebook.role(number)
        members = self._rulebook.members()[number]
        rules = self._rulebook.rules[number]
        return RoleCard(role.id, role.name, role.description, role.id == BASE_ROLE, members, rules)

    def contact(self, cid: ContactId) -> ContactRole:
        """The role model for one contact."""
        self._rulebook.check_contact(cid)
        role = self._rulebook.role(self._rulebook.role_of(cid))
        exceptions = self._rulebook.exceptions.get(cid, [])
        table = [self._row(cid, action) for action in RoleAction]
        return ContactRole(cid, role.id, role.name, role.description, exceptions, table)

    def _row(self, cid: ContactId, action: RoleAction) -> ContactRoleRow:
        tables = self._rulebook.tables
        personal, of_role = tables.about(cid, action)
        named = sum(table.named for table in (personal, of_role) if table is not None)
        return ContactRoleRow(action, tables.allows(cid, NOBODY, action), named, personal is not None)

    def matrix(self) -> list[MatrixRow]:
        """Roles × actions."""
        return [
            MatrixRow(role.id, role.name, [self._cell(role.id, action) for action in RoleAction])
            for role in self._rulebook.roles.values()
        ]

    def _cell(self, role: int, action: RoleAction) -> MatrixCell:
        table = self._rulebook.tables.roles.get(role, {}).get(action)
        if table is None:
            return MatrixCell(action, True, 0)
        return MatrixCell(action, table.everybody is None or table.everybody.allow, table.named)

    def pairs(self, action: RoleAction) -> list[PairRow]:
        """Roles × roles for one action."""
        book = self._rulebook
        rows = []
        for own in book.roles.values():
            cells = []
            for other in book.roles.values():
                tables = Tables(book.tables.roles, {}, {_ONE: own.id, _OTHER: other.id})
                decision = decide(tables, _ONE, _OTHER, action)
                by = decision.by.ruling.role if decision.by else 0
                cells.append(PairCell(other.id, decision.allowed, by))
            rows.append(PairRow(own.id, own.name, cells))
        return rows

    def check(self, command: CheckRoles) -> RoleDecision:
        """May they do it, and which rule says so."""
        self._rulebook.check_contact(command.actor)
        if command.target:
            self._rulebook.check_contact(command.target)
        decision = decide(self._rulebook.tables, command.actor, command.target, command.action)
        return RoleDecision(decision.allowed, self._text(decision, command), self._deciding(decision.by))

    def _deciding(self, side: Side | None) -> DecidingRule | None:
        if side is None:
            return None
        ruling = side.ruling
        name = self._rulebook.roles[ruling.role].name if ruling.role in self._rulebook.roles else ""
        return DecidingRule(side.owner, ruling.personal, ruling.role, name, ruling.action, ruling.allow, ruling.scope)

    def _text(self, decision: Decision, command: CheckRoles) -> str:
        verdict = "Allowed" if decision.allowed else "Denied"
        if decision.by is None:
            return f"{verdict}: no rule is about it."
        return f"{verdict}: {self.described(decision.by)}."

    def described(self, side: Side) -> str:
        """The rule in words."""
        ruling = side.ruling
        if ruling.personal:
            whose = f"a personal exception of contact {side.owner}"
        else:
            whose = f"role «{self._rulebook.roles[ruling.role].name}» of contact {side.owner}"
        verb = "allows" if ruling.allow else "denies"
        return f"{whose} {verb} {ruling.action.value} for {_SCOPES[ruling.scope.value]}"


_SCOPES = {"all": "all", "roles": "a role of the other side", "contacts": "the contact on the other side"}
