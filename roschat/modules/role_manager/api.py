"""Roles: what a person may do to whom, and what it may be done by whom.

Every contact has one role, the base role unless it was given another. A role has rules; a contact may have personal
exceptions, which are rules as well. Which of several rules decides is written once, in `role_manager/rules.py`.
"""

from enum import StrEnum

from roschat.types import ContactId, PeerKind
from roschat.wire.declare import ADMIN, PERSON, command, event, hook
from roschat.wire.message import ClientEvent, Command, Empty, Event, Hook, Message
from roschat.wire.rest import rest

BASE_ROLE = 1
"""«Базовая роль»: of everybody who was given no other; it restricts nothing and stays as it is."""
MAX_ROLES = 200
MAX_NAMED = 5000
"""Roles or contacts that one rule can name."""


class RoleAction(StrEnum):
    """What a rule is about (R-ROLE-006…015), in the order of the console."""

    OUTGOING_CALL = "outgoing-call"
    INCOMING_CALL = "incoming-call"
    OUTGOING_MESSAGE = "outgoing-message"
    INCOMING_MESSAGE = "incoming-message"
    OUTGOING_MEDIA = "outgoing-media"
    """Pictures, films, sounds and other files in messages."""
    STATUS_RECEIVED = "status-received"
    """Telling an author that his message has arrived."""
    STATUS_READ = "status-read"
    """Telling an author that his message was read."""
    CREATE_GROUP = "create-group"
    """Beginning a conversation of several with somebody («беседа»)."""
    SEE_CONTACT = "see-contact"
    SEARCH_CONTACT = "search-contact"
    """Finding somebody in the whole directory. Who is in a conversation with one is found in any case."""
    USE_MOBILE = "use-mobile"
    USE_COMPUTER = "use-computer"
    USE_WEB = "use-web"
    USE_RADIO = "use-radio"


class RuleScope(StrEnum):
    """For whom on the other side a rule holds."""

    ALL = "all"
    ROLES = "roles"
    CONTACTS = "contacts"


class RoleRule(Message, frozen=True):
    """Allows or denies one action towards everybody, the members of some roles, or some contacts.

    Rules about applications hold for `all` alone: there is nobody on the other side.
    """

    action: RoleAction
    allow: bool
    scope: RuleScope = RuleScope.ALL
    roles: list[int] = []
    contacts: list[ContactId] = []


class RoleView(Message, frozen=True, omit_defaults=False):
    """A role in the list."""

    id: int
    name: str
    description: str
    base: bool
    members: int
    """Active people who have it."""
    rules: int


class RoleCard(Message, frozen=True, omit_defaults=False):
    """A role with its rules."""

    id: int
    name: str
    description: str
    base: bool
    members: int
    rules: list[RoleRule]


@rest("GET", "/roles", tag="roles")
@command("list-roles", access=ADMIN)
class ListRoles(Command[list[RoleView]], frozen=True):
    """All roles, the base role first, then by name."""


@rest("POST", "/roles", tag="roles")
@command("add-role", access=ADMIN)
class AddRole(Command[RoleCard], frozen=True):
    """A new role without rules. `fields.name`: empty, too-long (100 characters), taken."""

    name: str
    description: str = ""


@rest("GET", "/roles/{role}", tag="roles")
@command("get-role", access=ADMIN)
class GetRole(Command[RoleCard], frozen=True):
    """A role with its rules; `not-found`."""

    role: int


@rest("PUT", "/roles/{role}", tag="roles")
@command("change-role", access=ADMIN)
class ChangeRole(Command[RoleCard], frozen=True):
    """Rename or describe a role; the base role may be described only."""

    role: int
    name: str
    description: str = ""


@rest("DELETE", "/roles/{role}", tag="roles")
@command("delete-role", access=ADMIN)
class DeleteRole(Command[Empty], frozen=True):
    """Delete a role: its members get the base role, rules of others name it no more. The base role stays."""

    role: int


@rest("PUT", "/roles/{role}/rules", tag="roles")
@command("set-role-rules", access=ADMIN)
class SetRoleRules(Command[RoleCard], frozen=True):
    """Replace all rules of a role; the base role takes none.

    For one action at most one rule holds for `all`, and nobody is named twice. `bad-request` names what breaks this,
    an unknown role or contact, or a rule that names nobody.
    """

    role: int
    rules: list[RoleRule]


@rest("POST", "/roles/{role}/members", tag="roles")
@command("give-role", access=ADMIN)
class GiveRole(Command[RoleCard], frozen=True):
    """Give the role to contacts instead of the one they have; the base role takes theirs away."""

    role: int
    contacts: list[ContactId]


class ContactRoleRow(Message, frozen=True, omit_defaults=False):
    """A line of the table «Ресурс / Статус / Настройка правил» of a contact."""

    action: RoleAction
    allowed: bool
    """What holds towards those whom no rule names."""
    exceptions: int
    """How many rules and personal exceptions name roles or contacts."""
    personal: bool
    """The contact has a personal exception about it."""


class ContactRole(Message, frozen=True, omit_defaults=False):
    """The role of a contact, its personal exceptions, and what comes of both."""

    cid: ContactId
    role: int
    name: str
    description: str
    exceptions: list[RoleRule]
    table: list[ContactRoleRow]


@rest("GET", "/contacts/{cid}/role", tag="roles")
@command("get-contact-role", access=ADMIN)
class GetContactRole(Command[ContactRole], frozen=True):
    """The role model as it is for one contact."""

    cid: ContactId


@rest("PUT", "/contacts/{cid}/role", tag="roles")
@command("set-contact-role", access=ADMIN)
class SetContactRole(Command[ContactRole], frozen=True):
    """Give a contact another role."""

    cid: ContactId
    role: int


@rest("PUT", "/contacts/{cid}/role/exceptions", tag="roles")
@command("set-contact-exceptions", access=ADMIN)
class SetContactExceptions(Command[ContactRole], frozen=True):
    """Replace all personal exceptions of a contact; refused like the rules of a role."""

    cid: ContactId
    exceptions: list[RoleRule]


class MatrixCell(Message, frozen=True, omit_defaults=False):
    """What a role says of an action: `allowed` towards those whom no rule names, and how many rules name somebody."""

    action: RoleAction
    allowed: bool
    named: int


class MatrixRow(Message, frozen=True, omit_defaults=False):
    """A role and its cells, in the order of the actions."""

    role: int
    name: str
    cells: list[MatrixCell]


@rest("GET", "/role-matrix", tag="roles")
@command("get-role-matrix", access=ADMIN)
class GetRoleMatrix(Command[list[MatrixRow]], frozen=True):
    """Roles × actions."""


class PairCell(Message, frozen=True, omit_defaults=False):
    """Whether a member of the row's role may do it to a member of `role`, and whose rule says so (0: none, allowed)."""

    role: int
    allowed: bool
    by: int


class PairRow(Message, frozen=True, omit_defaults=False):
    """A role and its cells, in the order of the rows."""

    role: int
    name: str
    cells: list[PairCell]


@rest("GET", "/role-matrix/{action}", tag="roles")
@command("get-role-pairs", access=ADMIN)
class GetRolePairs(Command[list[PairRow]], frozen=True):
    """Roles × roles for one action, as between members without personal exceptions whom no rule names."""

    action: RoleAction


class DecidingRule(Message, frozen=True, omit_defaults=False):
    """The rule that decided: of a contact (a personal exception, `role` 0) or of a role."""

    owner: ContactId
    """Whose side it is: the acting contact, or the other one."""
    personal: bool
    role: int
    role_name: str
    action: RoleAction
    allow: bool
    scope: RuleScope


class RoleDecision(Message, frozen=True, omit_defaults=False):
    """`by` is absent when no rule is about it: then it is allowed. `text` says the same in English."""

    allowed: bool
    text: str
    by: DecidingRule | None = None


@rest("POST", "/roles/check", tag="roles")
@command("check-roles", access=ADMIN)
class CheckRoles(Command[RoleDecision], frozen=True):
    """May `actor` do this to `target`? Without a target (0): to everybody, as in a group or for an application."""

    actor: ContactId
    action: RoleAction
    target: ContactId = ContactId(0)


class Permission(Message, frozen=True):
    """One action of the caller. `reason`: "own" (a rule of the caller's), "other" (of the other side)."""

    action: RoleAction
    allowed: bool
    reason: str = ""
    named: bool = False
    """Without `cid`: rules name somebody for whom it may be otherwise; ask with `cid`."""


class Permissions(Message, frozen=True):
    """What the caller may do."""

    permissions: list[Permission]


@command("get-permissions", access=PERSON)
class GetPermissions(Command[Permissions], frozen=True):
    """What the caller may do: in general, or towards one contact or group, so that a client hides what is refused."""

    cid: int = 0
    cid_type: PeerKind = PeerKind.USER


@event("permissions-change-event")
class PermissionsChangeEvent(ClientEvent, frozen=True):
    """What the reader may do may have changed: ask again. With `contacts` also whom he sees: take all cards anew."""

    contacts: bool = False


@event("roles-changed")
class RolesChanged(Event, frozen=True):
    """For every process that decides: the roles are at revision `rev` now."""

    rev: int


@rest("POST", "/roles/of-contacts", tag="roles")
@command("contact-roles", access=ADMIN)
class ContactRoles(Command[list[int]], frozen=True):
    """The roles of contacts, in their order; for lists that show them."""

    cids: list[ContactId]


@hook("may-call")
class MayCall(Hook, frozen=True):
    """May this call begin? Asked by what sets calls up."""

    caller: ContactId
    callee: ContactId
    video: bool = False


@hook("may-use-radio")
class MayUseRadio(Hook, frozen=True):
    """May this contact use the radio, at all (no `peer`) or with somebody? Asked by what carries the radio."""

    cid: ContactId
    peer: ContactId = ContactId(0)
