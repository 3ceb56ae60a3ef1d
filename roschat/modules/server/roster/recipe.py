"""A mass change made ready: its templates parsed once, then done to one person after the other.

Fields whose templates do not ask for the card come first; those that do see the card as it is after them, and login,
services and password see it whole. So `$FIO_3` in a login speaks of the name that is being given in the same change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from roschat.kernel.errors import Invalid
from roschat.kernel.formats import refuse
from roschat.modules.server.accounts.rules import check_password, checked_login, login_key
from roschat.modules.server.contacts.api import FIRST_SERVICES, ServiceType
from roschat.modules.server.directory.api import CARD_FIELDS, CardField
from roschat.modules.server.directory.rules import checked_person
from roschat.modules.server.roster.api import (
    ACTIONS,
    PASSWORDS,
    MassChange,
    MassFault,
    MassField,
    MassPassword,
    MassService,
)
from roschat.modules.server.roster.people import SEVERAL, Person
from roschat.modules.server.roster.templates import BadTemplate, Row, Template, parse

MOST_FIELDS = 100


@dataclass(frozen=True)
class FieldStep:
    """One field of the card: what to do with it."""

    type: str
    name: str
    action: str
    template: Template
    find: str = ""
    only_empty: bool = False

    def done(self, fields: list[CardField], row: Row) -> list[CardField]:
        """The card after this step."""
        mine = [place for place, one in enumerate(fields) if self._is_mine(one)]
        if self.only_empty and any(fields[place].value for place in mine):
            return fields
        if self.action == "clear":
            return [one for one in fields if not self._is_mine(one)]
        text = self.template.fill(row).strip()
        if self.action == "replace":
            return [
                CardField(one.type, one.value.replace(self.find, text), one.name) if self._is_mine(one) else one
                for one in fields
            ]
        value = CardField(self.type, text, self.name)
        if self.action == "add" and self.type in SEVERAL and mine:
            return fields if any(fields[place].value == text for place in mine) else [*fields, value]
        if not mine:
            return [*fields, value]
        if not text and self.type in SEVERAL:
            return fields
        put = [*fields]
        put[mine[0]] = CardField(self.type, text, put[mine[0]].name or self.name)
        # The former main number stays when it was another one already on the card.
        return [one for place, one in enumerate(put) if place == mine[0] or not self._is_mine(one) or one.value != text]

    def _is_mine(self, one: CardField) -> bool:
        return one.type == self.type and (self.type != "custom" or one.name.casefold() == self.name.casefold())


@dataclass(frozen=True)
class ServiceStep:
    """One service: granted with parameters, or taken away."""

    type: str
    params: Mapping[str, Template]
    remove: bool


@dataclass
class Outcome:
    """What a recipe makes of a person. `password`: the kind of new one, `clear` its text when it is known already."""

    person: Person
    password: str = ""
    clear: str = ""
    faults: list[MassFault] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether the row cannot be carried out."""
        return any(not fault.warning for fault in self.faults)


@dataclass(frozen=True)
class Recipe:
    """See the module docstring."""

    first: tuple[FieldStep, ...]
    later: tuple[FieldStep, ...]
    services: tuple[ServiceStep, ...]
    login: Template | None
    password: MassPassword
    active: str

    def done(
        self, person: Person, place: int, before: Person, *, new_login: str = "", new_password: str = ""
    ) -> Outcome:
        """The person after the change, checked as far as it can be without looking elsewhere.

        `before` is as the database knows it (`rev` 0: not at all); `person` may already differ by a row of a table, as
        may `new_login` and `new_password`, which go before those of the recipe.
        """
        fields = [*person.fields]
        for step in self.first:
            fields = step.done(fields, person.row(place))
        row = replace(person, fields=tuple(fields)).row(place)
        for step in self.later:
            fields = step.done(fields, row)
        outcome = Outcome(replace(person, fields=tuple(one for one in fields if one.value)))
        self._check_card(outcome, before)
        self._set_login(outcome, place, new_login)
        self._set_services(outcome, place, before)
        self._set_password(outcome, before, new_password)
        if self.active:
            outcome.person = replace(outcome.person, active=self.active == "yes")
        return outcome

    def _check_card(self, outcome: Outcome, before: Person) -> None:
        fields = outcome.person.fields
        if before.rev and fields == before.fields:
            return
        if not outcome.person.first("surname"):
            outcome.faults.append(MassFault("surname", "no-surname"))
            return
        try:
            outcome.person = replace(outcome.person, fields=checked_person(fields, "", "").fields)
        except Invalid as error:
            found = [fault for fault in map(_fault_of, fields) if fault is not None]
            outcome.faults += found or [MassFault("card", "bad-value", text=error.text)]

    def _set_login(self, outcome: Outcome, place: int, new_login: str) -> None:
        person = outcome.person
        login = new_login or (self.login.fill(person.row(place)) if self.login else "")
        if not new_login and self.login is None:
            return
        try:
            login = checked_login(login)
        except Invalid as error:
            outcome.faults.append(MassFault("login", "bad-value", login[:200], error.text))
            return
        # Another case of the same letters is the same login for whoever signs in, yet it may be wanted.
        outcome.person = replace(person, login=login)

    def _set_services(self, outcome: Outcome, place: int, before: Person) -> None:
        person = outcome.person
        services = dict(person.services)
        row = person.row(place)
        for step in self.services:
            if step.remove:
                services.pop(step.type, None)
                continue
            params = {name: text for name, template in step.params.items() if (text := template.fill(row).strip())}
            services[step.type] = {**services.get(step.type, {}), **params}
        if person.login and not before.login and not services:
            services = {str(kind): {} for kind in FIRST_SERVICES}
        outcome.person = replace(person, services=services)

    def _set_password(self, outcome: Outcome, before: Person, new_password: str) -> None:
        person = outcome.person
        kind = "value" if new_password else self.password.kind
        if not kind:
            if person.login and not before.login and not outcome.refused:
                outcome.faults.append(MassFault("password", "no-password"))
            return
        if not person.login:
            if not outcome.refused:
                outcome.faults.append(MassFault("password", "no-account"))
            return
        outcome.password = kind
        if kind == "number":
            outcome.clear = person.first("number")
            if not outcome.clear:
                outcome.faults.append(MassFault("password", "no-number"))
                return
        elif kind == "value":
            outcome.clear = new_password or self.password.value
        if outcome.clear:
            outcome.faults += password_faults(outcome.clear, person.login)


def password_faults(password: str, login: str) -> list[MassFault]:
    """A weak password is the administrator's choice and only a warning; one that is the login itself is refused."""
    try:
        check_password(password, login)
    except Invalid as error:
        same = login_key(password) in (login_key(login), login_key(login).partition("@")[0])
        equal_to_number = same and password.isdigit()
        return [MassFault("password", "weak-password", text=error.text, warning=not same or equal_to_number)]
    return []


def prepared(change: MassChange) -> Recipe:
    """The recipe of a change. Raises Invalid or BadTemplate, with the wire names of what is wrong in `fields`."""
    if len(change.fields) > MOST_FIELDS:
        raise Invalid(f"A change may name {MOST_FIELDS} fields, this one names {len(change.fields)}.")
    steps = [_field_step(one, place) for place, one in enumerate(change.fields)]
    refuse(
        {
            "active": "" if change.active in ("", "yes", "no") else "bad-value",
            "password.kind": "" if change.password.kind in PASSWORDS else "bad-value",
            "password.value": _reason_of_password(change.password),
            "password.length": "" if 10 <= change.password.length <= 64 else "bad-value",
        }
    )
    return Recipe(
        first=tuple(step for step in steps if not step.template.asks_the_card),
        later=tuple(step for step in steps if step.template.asks_the_card),
        services=tuple(_service_step(one, place) for place, one in enumerate(change.services)),
        login=_parsed("login", change.login) if change.login else None,
        password=change.password,
        active=change.active,
    )


def changes_nothing(change: MassChange) -> bool:
    """Whether nothing is asked for."""
    return not (change.fields or change.services or change.login or change.password.kind or change.active)


def _field_step(one: MassField, place: int) -> FieldStep:
    at = f"fields.{place}"
    several = one.type in SEVERAL
    refuse(
        {
            f"{at}.type": "" if one.type in CARD_FIELDS or several or one.type == "custom" else "unknown",
            f"{at}.name": "empty" if one.type == "custom" and not one.name.strip() else "",
            f"{at}.action": "" if one.action in ACTIONS and (one.action != "add" or several) else "bad-value",
            f"{at}.find": "empty" if one.action == "replace" and not one.find else "",
        }
    )
    return FieldStep(
        one.type, one.name.strip(), one.action, _parsed(f"{at}.value", one.value), one.find, one.only_empty
    )


def _service_step(one: MassService, place: int) -> ServiceStep:
    at = f"services.{place}"
    refuse({f"{at}.type": "" if one.type in set(ServiceType) else "unknown"})
    params = {name: _parsed(f"{at}.params.{name}", text) for name, text in one.params.items()}
    return ServiceStep(one.type, params, one.remove)


def _parsed(where: str, text: str) -> Template:
    try:
        return parse(text)
    except BadTemplate as error:
        error.fields = {where: "bad-value"}
        raise


def _reason_of_password(password: MassPassword) -> str:
    if password.kind != "value":
        return ""
    if not password.value:
        return "empty"
    if len(password.value) < 8:
        return "too-short"
    return "too-long" if len(password.value) > 256 else ""


def _fault_of(one: CardField) -> MassFault | None:
    """What is wrong with a single field."""
    alone: Iterable[CardField] = (one,) if one.type == "surname" else (CardField("surname", "-"), one)
    try:
        checked_person(alone, "", "")
    except Invalid as error:
        return MassFault(one.type, "bad-value", one.value[:200], error.text, one.name)
    return None
