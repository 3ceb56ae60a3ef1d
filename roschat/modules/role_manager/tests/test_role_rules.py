"""Which rule decides: the tables against a plain reading of the rules, and each of the promises by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel.errors import Invalid
from roschat.modules.role_manager.api import BASE_ROLE, RoleAction, RoleRule, RuleScope
from roschat.modules.role_manager.rules import (
    APPLICATIONS,
    QUESTIONS,
    Tables,
    checked,
    decide,
    owned,
)
from roschat.types import NOBODY, ContactId

ROLES = (BASE_ROLE, 2, 3)
PEOPLE = tuple(map(ContactId, (11, 12, 13, 14)))
BOT = ContactId(15)
EVERYBODY = (*PEOPLE, BOT)

actions = st.sampled_from(list(RoleAction))


@st.composite
def rules(draw: st.DrawFn) -> list[RoleRule]:
    """Rules of one owner that break none of the conditions of `checked`."""
    found: dict[tuple[RoleAction, RuleScope, int], RoleRule] = {}
    for action in draw(st.lists(actions, max_size=6)):
        scope = RuleScope.ALL if action in APPLICATIONS else draw(st.sampled_from(list(RuleScope)))
        allow = draw(st.booleans())
        if scope is RuleScope.ALL:
            found[action, scope, 0] = RoleRule(action, allow)
        elif scope is RuleScope.ROLES:
            role = draw(st.sampled_from(ROLES))
            found[action, scope, role] = RoleRule(action, allow, scope, roles=[role])
        else:
            cid = draw(st.sampled_from(EVERYBODY))
            found[action, scope, cid] = RoleRule(action, allow, scope, contacts=[cid])
    return list(found.values())


@st.composite
def companies(
    draw: st.DrawFn,
) -> tuple[dict[int, list[RoleRule]], dict[ContactId, list[RoleRule]], dict[ContactId, int]]:
    """Rules by role, exceptions by contact, roles by contact."""
    of_roles = {role: draw(rules()) for role in ROLES[1:]}
    exceptions = {cid: draw(rules()) for cid in draw(st.sets(st.sampled_from(EVERYBODY)))}
    role_of = {cid: draw(st.sampled_from(ROLES[1:])) for cid in draw(st.sets(st.sampled_from(EVERYBODY)))}
    return of_roles, exceptions, role_of


def tables(
    of_roles: dict[int, list[RoleRule]],
    exceptions: dict[ContactId, list[RoleRule]] | None = None,
    role_of: dict[ContactId, int] | None = None,
) -> Tables:
    return Tables(
        {role: owned(written, role=role) for role, written in of_roles.items()},
        {cid: owned(written, cid=cid) for cid, written in (exceptions or {}).items()},
        role_of or {},
        frozenset({BOT}),
    )


def read_plainly(
    company: tuple[dict[int, list[RoleRule]], dict[ContactId, list[RoleRule]], dict[ContactId, int]],
    owner: ContactId,
    other: ContactId,
    action: RoleAction,
) -> bool:
    """The order of the docstring, as slow as it reads."""
    of_roles, exceptions, role_of = company
    for written in (exceptions.get(owner, []), of_roles.get(role_of.get(owner, BASE_ROLE), [])):
        mine = [rule for rule in written if rule.action is action]
        named = [rule for rule in mine if other and other in rule.contacts]
        in_role = [rule for rule in mine if other and other != BOT and role_of.get(other, BASE_ROLE) in rule.roles]
        for_all = [rule for rule in mine if rule.scope is RuleScope.ALL and other != BOT]
        for rule in (*named, *in_role, *for_all):
            return rule.allow
    return True


@given(companies(), st.sampled_from(EVERYBODY), st.sampled_from((NOBODY, *EVERYBODY)), actions)
def test_the_tables_say_what_the_rules_say(
    company: tuple[dict[int, list[RoleRule]], dict[ContactId, list[RoleRule]], dict[ContactId, int]],
    actor: ContactId,
    target: ContactId,
    action: RoleAction,
) -> None:
    made = tables(*company)
    expected = actor == target or all(
        read_plainly(company, actor if mine else target, target if mine else actor, asked)
        for mine, asked in QUESTIONS[action]
        if mine or target
    )
    decision = decide(made, actor, target, action)
    assert decision.allowed is expected
    assert (made.denial(actor, target, action) is None) is expected
    if decision.by is not None:
        assert decision.by.ruling.allow is expected
        assert decision.by.owner in (actor, target)
        assert (decision.by.ruling.cid or decision.by.ruling.role) != 0
    else:
        assert expected


@given(companies(), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_what_one_may_send_the_other_may_get(
    company: tuple[dict[int, list[RoleRule]], dict[ContactId, list[RoleRule]], dict[ContactId, int]],
    one: ContactId,
    other: ContactId,
) -> None:
    made = tables(*company)
    for out, back in (
        (RoleAction.OUTGOING_CALL, RoleAction.INCOMING_CALL),
        (RoleAction.OUTGOING_MESSAGE, RoleAction.INCOMING_MESSAGE),
    ):
        assert decide(made, one, other, out).allowed == decide(made, other, one, back).allowed
    if decide(made, one, other, RoleAction.OUTGOING_MEDIA).allowed:
        assert decide(made, one, other, RoleAction.OUTGOING_MESSAGE).allowed


@given(companies(), rules(), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), actions)
def test_rules_of_others_change_nothing(
    company: tuple[dict[int, list[RoleRule]], dict[ContactId, list[RoleRule]], dict[ContactId, int]],
    more: list[RoleRule],
    actor: ContactId,
    target: ContactId,
    action: RoleAction,
) -> None:
    of_roles, exceptions, role_of = company
    stranger = next(cid for cid in PEOPLE if cid not in (actor, target))
    before = decide(tables(*company), actor, target, action).allowed
    assert decide(tables(of_roles, {**exceptions, stranger: more}, role_of), actor, target, action).allowed is before


def deny(action: RoleAction, *, roles: list[int] | None = None, contacts: list[ContactId] | None = None) -> RoleRule:
    scope = RuleScope.CONTACTS if contacts else RuleScope.ROLES if roles else RuleScope.ALL
    return RoleRule(action, False, scope, roles or [], contacts or [])


def allow(action: RoleAction, *, roles: list[int] | None = None, contacts: list[ContactId] | None = None) -> RoleRule:
    scope = RuleScope.CONTACTS if contacts else RuleScope.ROLES if roles else RuleScope.ALL
    return RoleRule(action, True, scope, roles or [], contacts or [])


def test_every_step_of_the_order_outranks_the_next() -> None:
    actor, target = PEOPLE[0], PEOPLE[1]
    call = RoleAction.OUTGOING_CALL
    steps = [
        (True, {"contacts": [target]}), (True, {"roles": [3]}), (True, {}),
        (False, {"contacts": [target]}), (False, {"roles": [3]}), (False, {}),
    ]  # fmt: skip
    for first in range(len(steps)):
        # The first step denies; all weaker ones allow.
        exceptions: list[RoleRule] = []
        of_role: list[RoleRule] = []
        for number, (personal, named) in list(enumerate(steps))[first:]:
            rule = (deny if number == first else allow)(call, **named)  # type: ignore[arg-type]
            (exceptions if personal else of_role).append(rule)
        made = tables({2: of_role}, {actor: exceptions}, {actor: 2, target: 3})
        decision = decide(made, actor, target, call)
        assert not decision.allowed
        assert decision.by is not None
        assert decision.by.ruling.personal is steps[first][0]
    assert decide(tables({2: []}, None, {actor: 2}), actor, target, call).by is None


def test_bots_stand_under_no_rule_that_does_not_name_them() -> None:
    actor = PEOPLE[0]
    message = RoleAction.OUTGOING_MESSAGE
    assert decide(tables({2: [deny(message), deny(message, roles=[1])]}, None, {actor: 2}), actor, BOT, message).allowed
    assert not decide(tables({2: [deny(message, contacts=[BOT])]}, None, {actor: 2}), actor, BOT, message).allowed
    silent = tables({2: [deny(RoleAction.INCOMING_MESSAGE)]}, None, {actor: 2})
    assert decide(silent, BOT, actor, message).allowed


def test_a_group_is_everybody() -> None:
    actor, friend = PEOPLE[0], PEOPLE[1]
    message = RoleAction.OUTGOING_MESSAGE
    only_friends = tables({2: [deny(message), allow(message, contacts=[friend])]}, None, {actor: 2})
    assert decide(only_friends, actor, friend, message).allowed
    assert not decide(only_friends, actor, NOBODY, message).allowed
    not_to_one = tables({2: [deny(message, contacts=[friend])]}, None, {actor: 2})
    assert decide(not_to_one, actor, NOBODY, message).allowed


def test_oneself_is_always_allowed() -> None:
    actor = PEOPLE[0]
    made = tables({2: [deny(action) for action in RoleAction]}, None, {actor: 2})
    for action in RoleAction:
        assert decide(made, actor, actor, action).allowed


@pytest.mark.parametrize(
    ("written", "field", "reason"),
    [
        ([deny(RoleAction.USE_WEB, roles=[2])], "scope", "bad-value"),
        ([RoleRule(RoleAction.SEE_CONTACT, False, RuleScope.ROLES)], "rules", "empty"),
        ([RoleRule(RoleAction.SEE_CONTACT, False, RuleScope.CONTACTS, roles=[2])], "rules", "empty"),
        ([deny(RoleAction.SEE_CONTACT, roles=[99])], "roles", "unknown"),
        ([deny(RoleAction.SEE_CONTACT, contacts=[ContactId(99)])], "contacts", "unknown"),
        ([deny(RoleAction.SEE_CONTACT), allow(RoleAction.SEE_CONTACT)], "rules", "taken"),
        ([deny(RoleAction.SEE_CONTACT, roles=[2]), allow(RoleAction.SEE_CONTACT, roles=[3, 2])], "rules", "taken"),
    ],
)
def test_rules_that_are_refused(written: list[RoleRule], field: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(written, {1, 2, 3}, set(PEOPLE))
    assert dict(refused.value.fields) == {field: reason}


@given(rules())
def test_checked_rules_are_in_order_and_mean_the_same(written: list[RoleRule]) -> None:
    after = checked(written, set(ROLES), set(EVERYBODY))
    assert checked(after, set(ROLES), set(EVERYBODY)) == after
    assert owned(after, role=2) == owned(written, role=2)


def test_too_many_names_are_refused() -> None:
    many = [ContactId(number) for number in range(1, 5002)]
    with pytest.raises(Invalid) as refused:
        checked([deny(RoleAction.SEE_CONTACT, contacts=many)], set(), set(many))
    assert dict(refused.value.fields) == {"rules": "too-large"}
