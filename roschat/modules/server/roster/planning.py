"""Making a plan: batches of drafts become rows with what would change and what is wrong.

What lies in memory is one batch and, of the whole plan, its numbers and logins, so that none is given twice.
"""

from collections.abc import AsyncIterator, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from roschat.kernel.db import Database, Transaction
from roschat.kernel.jobs import Job
from roschat.modules.server.accounts.rules import login_key
from roschat.modules.server.roster import store
from roschat.modules.server.roster.api import MassFault
from roschat.modules.server.roster.people import Person, differences
from roschat.modules.server.roster.recipe import Outcome, Recipe
from roschat.modules.server.roster.seal import Seal
from roschat.modules.server.roster.services import ServiceRules
from roschat.modules.server.roster.staff import store as staff
from roschat.modules.server.roster.store import Counts, PlannedRow
from roschat.types import ContactId

BATCH = 200


@dataclass
class Draft:
    """A row to be planned. `before` None: the contact is to be added under the reserved `person.cid`."""

    position: int
    place: int
    person: Person
    before: Person | None = None
    login: str = ""
    password: str = ""
    faults: list[MassFault] = field(default_factory=list)
    left_out: str = ""
    """Why nothing is done to it; it is shown all the same."""


Drafts = AsyncIterator[list[Draft]]


class Planner:
    """Makes the rows of one plan."""

    def __init__(self, db: Database, seal: Seal, rules: ServiceRules, plan: int, recipe: Recipe) -> None:
        self._db = db
        self._seal = seal
        self._rules = rules
        self._plan = plan
        self._recipe = recipe
        self._given: dict[Hashable, int] = {}
        self._counts = dict.fromkeys(("total", "added", "changed", "unchanged", "errors", "warnings"), 0)

    async def make(self, drafts: Drafts, job: Job) -> Counts:
        """Plan all drafts; ends early when the job is cancelled."""
        async for batch in drafts:
            if job.cancelled:
                break
            rows = await self._rows(batch)
            async with self._db.transaction() as tx:
                await store.add_rows(tx, self._plan, rows)
            self._count(rows)
            await job.progress(self._counts["total"])
        return Counts(**self._counts)

    async def _rows(self, batch: Sequence[Draft]) -> list[PlannedRow]:
        outcomes = [self._outcome(draft) for draft in batch]
        async with self._db.reading() as tx:
            taken = await Taken.read(tx, [outcome.person for outcome in outcomes])
        for draft, outcome in zip(batch, outcomes, strict=True):
            if not draft.left_out and outcome.person != draft.before:
                outcome.faults += taken.faults(outcome.person, draft.before)
                outcome.faults += self._given_twice(outcome.person, draft)
        return [self._row(draft, outcome) for draft, outcome in zip(batch, outcomes, strict=True)]

    def _outcome(self, draft: Draft) -> Outcome:
        if draft.left_out or any(not fault.warning for fault in draft.faults):
            return Outcome(draft.before or draft.person, faults=[] if draft.left_out else [*draft.faults])
        before = draft.before or Person(draft.person.cid)
        outcome = self._recipe.done(
            draft.person, draft.place, before, new_login=draft.login, new_password=draft.password
        )
        outcome.faults = [*draft.faults, *outcome.faults]
        outcome.person, faults = self._rules.checked(outcome.person, before)
        outcome.faults += faults
        return outcome

    def _given_twice(self, person: Person, draft: Draft) -> list[MassFault]:
        """Numbers and logins that an earlier row of this plan has."""
        faults = []
        for key, what, value in _claims(person):
            if self._given.setdefault(key, draft.position) != draft.position:
                reason = "login-twice" if what == "login" else "number-twice"
                text = f"Row {self._given[key]} of the plan has {value!r} already."
                faults.append(MassFault(what, reason, value, text))
        return faults

    def _row(self, draft: Draft, outcome: Outcome) -> PlannedRow:
        person, before = outcome.person, draft.before
        changed = before is None or bool(outcome.password) or any(differences(before, person))
        action = "none" if draft.left_out or not changed else "add" if before is None else "change"
        return PlannedRow(
            position=draft.position,
            cid=person.cid,
            name=(person.shown or (before.shown if before else ""))[:500],
            action="add" if outcome.refused and before is None else action,
            state="error" if outcome.refused else "planned",
            outcome=draft.left_out,
            before=before,
            after=person,
            faults=outcome.faults,
            password=outcome.password,
            secret=self._seal.close(draft.password, self._plan, draft.position) if draft.password else None,
        )

    def _count(self, rows: Sequence[PlannedRow]) -> None:
        for row in rows:
            self._counts["total"] += 1
            self._counts["warnings"] += any(fault.warning for fault in row.faults)
            kind = (
                "errors" if row.state == "error" else {"add": "added", "change": "changed"}.get(row.action, "unchanged")
            )
            self._counts[kind] += 1


@dataclass(frozen=True)
class Taken:
    """What of a batch somebody has already, and which people its cards may name."""

    numbers: Mapping[str, ContactId]
    logins: Mapping[str, ContactId]
    services: Mapping[tuple[str, str], ContactId]
    people: set[ContactId]

    @classmethod
    async def read(cls, tx: Transaction, people: Sequence[Person]) -> "Taken":
        """Ask for a batch."""
        numbers = [number for person in people for number in person.values("number")]
        logins = [login_key(person.login) for person in people if person.login]
        services = [key for person in people for key in ServiceRules.numbers(person)]
        named = {ContactId(int(cid)) for person in people for cid in _named(person)}
        return cls(
            await staff.number_owners(tx, numbers) if numbers else {},
            await staff.login_owners(tx, logins) if logins else {},
            await staff.service_owners(tx, services) if services else {},
            await staff.people_among(tx, list(named)) if named else set(),
        )

    def faults(self, person: Person, before: Person | None) -> list[MassFault]:
        """What is wrong with a person for the sake of others."""
        faults = []
        for number in person.values("number"):
            if (owner := self.numbers.get(number, person.cid)) != person.cid:
                text = f"The number {number} belongs to contact {owner}."
                faults.append(MassFault("number", "number-taken", number, text))
        if person.login and (owner := self.logins.get(login_key(person.login), person.cid)) != person.cid:
            text = f"The login {person.login!r} belongs to contact {owner}."
            faults.append(MassFault("login", "login-taken", person.login, text))
        for key in ServiceRules.numbers(person):
            if (owner := self.services.get(key, person.cid)) != person.cid:
                text = f"The number {key[1]} of the service belongs to contact {owner}."
                faults.append(MassFault("service", "number-taken", key[1], text))
        known = set(_named(before)) if before else set()
        for cid in _named(person):
            if cid not in known and ContactId(int(cid)) not in self.people:
                faults.append(MassFault("manager", "unknown-person", cid, f"There is no person {cid}."))
            if int(cid) == person.cid:
                faults.append(MassFault("manager", "bad-value", cid, "Nobody is his own manager or assistant."))
        return faults


def _claims(person: Person) -> list[tuple[Hashable, str, str]]:
    """What only one contact may have: a key, what it is, its text."""
    claims: list[tuple[Hashable, str, str]] = [
        (("number", number), "number", number) for number in person.values("number")
    ]
    if person.login:
        claims.append((("login", login_key(person.login)), "login", person.login))
    claims += [(("service", key), "service", key[1]) for key in ServiceRules.numbers(person)]
    return claims


def _named(person: Person) -> list[str]:
    return [field.value for field in person.fields if field.type in ("manager", "assistant") and _is_cid(field.value)]


def _is_cid(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19
