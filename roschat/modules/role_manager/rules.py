"""The role model as pure functions: from rules to tables, and from tables to a decision.

Which rule decides
------------------
A question is "may `owner` do `action`, as far as it is up to him, with `other` on the other side". The first of these
that exists decides it:

1. a personal exception of the owner that names the other contact,
2. a personal exception of the owner that names the role of the other,
3. a personal exception of the owner for all,
4. a rule of the owner's role that names the other contact,
5. a rule of the owner's role that names the role of the other,
6. a rule of the owner's role for all,
7. nothing: it is allowed.

What two do together asks both sides: QUESTIONS lists for each action what is asked of the actor and of the target. The
first denial decides; when nobody denies, the rule that decided the first question.

Without a target (a group, an application) only rules for all are asked, of the actor alone: a group is "everybody", and
who is in it was asked when its members were gathered. What one does to oneself is always allowed. Bots and the server's
own contact are on the other side of rules that name them as a contact, and of no others.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from roschat.kernel.errors import Invalid
from roschat.modules.role_manager.api import BASE_ROLE, MAX_NAMED, RoleAction, RoleRule, RuleScope
from roschat.types import NOBODY, ContactId

APPLICATIONS = frozenset({RoleAction.USE_MOBILE, RoleAction.USE_COMPUTER, RoleAction.USE_WEB})
"""Actions with nobody on the other side."""

ACTOR, TARGET = True, False
_MESSAGE = ((ACTOR, RoleAction.OUTGOING_MESSAGE), (TARGET, RoleAction.INCOMING_MESSAGE))

QUESTIONS: Mapping[RoleAction, tuple[tuple[bool, RoleAction], ...]] = {
    RoleAction.OUTGOING_CALL: ((ACTOR, RoleAction.OUTGOING_CALL), (TARGET, RoleAction.INCOMING_CALL)),
    RoleAction.INCOMING_CALL: ((ACTOR, RoleAction.INCOMING_CALL), (TARGET, RoleAction.OUTGOING_CALL)),
    RoleAction.OUTGOING_MESSAGE: _MESSAGE,
    RoleAction.INCOMING_MESSAGE: ((ACTOR, RoleAction.INCOMING_MESSAGE), (TARGET, RoleAction.OUTGOING_MESSAGE)),
    RoleAction.OUTGOING_MEDIA: ((ACTOR, RoleAction.OUTGOING_MEDIA), *_MESSAGE),
    RoleAction.STATUS_RECEIVED: ((ACTOR, RoleAction.STATUS_RECEIVED),),
    RoleAction.STATUS_READ: ((ACTOR, RoleAction.STATUS_READ),),
    RoleAction.CREATE_GROUP: ((ACTOR, RoleAction.CREATE_GROUP), (ACTOR, RoleAction.SEE_CONTACT), *_MESSAGE),
    RoleAction.SEE_CONTACT: ((ACTOR, RoleAction.SEE_CONTACT),),
    RoleAction.SEARCH_CONTACT: ((ACTOR, RoleAction.SEARCH_CONTACT), (ACTOR, RoleAction.SEE_CONTACT)),
    RoleAction.USE_MOBILE: ((ACTOR, RoleAction.USE_MOBILE),),
    RoleAction.USE_COMPUTER: ((ACTOR, RoleAction.USE_COMPUTER),),
    RoleAction.USE_WEB: ((ACTOR, RoleAction.USE_WEB),),
    RoleAction.USE_RADIO: ((ACTOR, RoleAction.USE_RADIO), (TARGET, RoleAction.USE_RADIO)),
}
"""What is asked for an action: of whose side, about which of that side's actions."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule says, and which rule: of a role, or a personal exception of a contact (then `role` is 0)."""

    allow: bool
    action: RoleAction
    scope: RuleScope
    role: int
    cid: ContactId

    @property
    def personal(self) -> bool:
        """A personal exception."""
        return not self.role


@dataclass(frozen=True, slots=True)
class Table:
    """All rules of one owner about one action, by what they name."""

    contacts: Mapping[ContactId, Ruling] = field(default_factory=dict)
    roles: Mapping[int, Ruling] = field(default_factory=dict)
    everybody: Ruling | None = None

    @property
    def restricts(self) -> bool:
        """Whether anything is denied in it."""
        rulings = (*self.contacts.values(), *self.roles.values(), self.everybody)
        return any(one is not None and not one.allow for one in rulings)

    @property
    def named(self) -> int:
        """Roles and contacts that it names."""
        return len(self.contacts) + len(self.roles)


Owned = Mapping[RoleAction, Table]
_NOTHING: Owned = {}


@dataclass(frozen=True)
class Tables:
    """All rules, who has which role, and whom only a name reaches. Never changed, only replaced."""

    roles: Mapping[int, Owned] = field(default_factory=dict)
    people: Mapping[ContactId, Owned] = field(default_factory=dict)
    role_of: Mapping[ContactId, int] = field(default_factory=dict)
    """Those who have another role than the base role."""
    apart: Set[ContactId] = frozenset()
    """Bots and the system contact."""

    def about(self, owner: ContactId, action: RoleAction) -> tuple[Table | None, Table | None]:
        """The tables that an owner's side of a question is decided by: personal, of the role."""
        role = self.roles.get(self.role_of.get(owner, BASE_ROLE), _NOTHING)
        return self.people.get(owner, _NOTHING).get(action), role.get(action)

    def ruling(self, owner: ContactId, other: ContactId, action: RoleAction) -> Ruling | None:
        """The rule that decides a question (see the module docstring); `other` 0 is everybody."""
        for table in self.about(owner, action):
            if table is None:
                continue
            if other:
                found = table.contacts.get(other)
                if found is not None:
                    return found
                if other in self.apart:
                    continue
                found = table.roles.get(self.role_of.get(other, BASE_ROLE))
                if found is not None:
                    return found
            if table.everybody is not None:
                return table.everybody
        return None

    def allows(self, owner: ContactId, other: ContactId, action: RoleAction) -> bool:
        """One question: as far as it is up to the owner."""
        found = self.ruling(owner, other, action)
        return found is None or found.allow

    def denial(self, actor: ContactId, target: ContactId, action: RoleAction) -> "Side | None":
        """Whose rule forbids this, None when it is allowed. The hot path of messages is here."""
        if actor == target:
            return None
        for mine, asked in QUESTIONS[action]:
            if mine:
                found = self.ruling(actor, target, asked)
            elif target:
                found = self.ruling(target, actor, asked)
            else:
                continue
            if found is not None and not found.allow:
                return Side(actor if mine else target, found)
        return None

    def restricting(self) -> frozenset[RoleAction]:
        """The actions that are denied to anybody anywhere."""
        owners = (*self.roles.values(), *self.people.values())
        return frozenset(action for owned in owners for action, table in owned.items() if table.restricts)


@dataclass(frozen=True, slots=True)
class Side:
    """A rule that decided, and on whose side."""

    owner: ContactId
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class Decision:
    """`by` is None when no rule is about it."""

    allowed: bool
    by: Side | None = None


def decide(tables: Tables, actor: ContactId, target: ContactId, action: RoleAction) -> Decision:
    """May the actor do this to the target (0: to everybody), and which rule says so."""
    denial = tables.denial(actor, target, action)
    if denial is not None:
        return Decision(False, denial)
    if actor == target:
        return Decision(True)
    for mine, asked in QUESTIONS[action]:
        if mine or target:
            owner, other = (actor, target) if mine else (target, actor)
            found = tables.ruling(owner, other, asked)
            if found is not None:
                return Decision(True, Side(owner, found))
    return Decision(True)


def owned(rules: Iterable[RoleRule], *, role: int = 0, cid: ContactId = NOBODY) -> Owned:
    """The tables of one owner, a role or a contact."""
    contacts: dict[RoleAction, dict[ContactId, Ruling]] = {}
    roles: dict[RoleAction, dict[int, Ruling]] = {}
    everybody: dict[RoleAction, Ruling] = {}
    for rule in rules:
        ruling = Ruling(rule.allow, rule.action, rule.scope, role, cid)
        if rule.scope is RuleScope.ALL:
            everybody[rule.action] = ruling
        elif rule.scope is RuleScope.ROLES:
            roles.setdefault(rule.action, {}).update(dict.fromkeys(rule.roles, ruling))
        else:
            contacts.setdefault(rule.action, {}).update(dict.fromkeys(rule.contacts, ruling))
    return {
        action: Table(contacts.get(action, {}), roles.get(action, {}), everybody.get(action))
        for action in contacts.keys() | roles.keys() | everybody.keys()
    }


def checked(rules: Sequence[RoleRule], known_roles: Set[int], known_contacts: Set[ContactId]) -> list[RoleRule]:
    """The rules in the order of actions, each naming what its scope names alone. Raises Invalid."""
    seen: set[tuple[RoleAction, RuleScope, int]] = set()
    result = []
    for rule in rules:
        said = f"The rule about {rule.action.value}"
        if rule.action in APPLICATIONS and rule.scope is not RuleScope.ALL:
            raise _refused(f"{said} is about an application and can only hold for all.", "scope", "bad-value")
        roles = list(dict.fromkeys(rule.roles)) if rule.scope is RuleScope.ROLES else []
        contacts = list(dict.fromkeys(rule.contacts)) if rule.scope is RuleScope.CONTACTS else []
        named: list[int] = [*roles, *contacts] if rule.scope is not RuleScope.ALL else [0]
        if not named:
            raise _refused(f"{said} names nobody; choose {rule.scope.value}, or let it hold for all.", "rules", "empty")
        if len(named) > MAX_NAMED:
            raise _refused(f"{said} names {len(named)} at once; {MAX_NAMED} are allowed.", "rules", "too-large")
        for number in roles:
            if number not in known_roles:
                raise _refused(f"{said} names role {number}, which does not exist.", "roles", "unknown")
        for cid in contacts:
            if cid not in known_contacts:
                raise _refused(f"{said} names contact {cid}, which does not exist.", "contacts", "unknown")
        for one in named:
            key = (rule.action, rule.scope, one)
            if key in seen:
                whom = f"{rule.scope.value[:-1]} {one}" if one else "all"
                raise _refused(f"Two rules about {rule.action.value} are for {whom}; keep one.", "rules", "taken")
            seen.add(key)
        result.append(RoleRule(rule.action, rule.allow, rule.scope, roles, contacts))
    order = list(RoleAction)
    return sorted(result, key=lambda rule: (order.index(rule.action), rule.scope.value))


def _refused(text: str, name: str, reason: str) -> Invalid:
    return Invalid(text, fields={name: reason})
