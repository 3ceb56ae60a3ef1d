"""Plans from their request to their end: made, shown, applied, undone, forgotten."""

from collections.abc import Awaitable, Callable

import msgspec
from msgspec.structs import replace

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound, RoschatError
from roschat.kernel.formats import refuse
from roschat.kernel.jobs import Job, Jobs
from roschat.modules.server.contacts.api import ContactFilter, ContactIds, ListServices, ServiceOffer
from roschat.modules.server.roster import store
from roschat.modules.server.roster.api import (
    ApplyMassPlan,
    MassChange,
    MassDifference,
    MassPlans,
    MassPlanView,
    MassRow,
    MassRows,
    MassSelection,
    MassStarted,
    PreviewMassChange,
)
from roschat.modules.server.roster.applying import Applying
from roschat.modules.server.roster.letters import Letters
from roschat.modules.server.roster.people import Person, differences
from roschat.modules.server.roster.planning import BATCH, Draft, Drafts, Planner
from roschat.modules.server.roster.recipe import Recipe, changes_nothing, prepared
from roschat.modules.server.roster.seal import Seal
from roschat.modules.server.roster.services import ServiceRules
from roschat.modules.server.roster.simple import MOST, change_of
from roschat.modules.server.roster.staff import store as staff
from roschat.modules.server.roster.store import PlannedRow
from roschat.modules.server.roster.undoing import Undoing
from roschat.types import ContactId, Seconds
from roschat.wire.message import Caller

DAY = 86_400
KEPT = 30 * DAY
"""Seconds that an applied plan can be undone."""
UNUSED_KEPT = DAY
PASSWORDS_KEPT = DAY
ONLY = ("", "changes", "errors", "warnings", "done", "skipped", "kept")
Work = Callable[[Job], Awaitable[object]]
ASKING = 120.0
"""Seconds for the list of contacts that match."""


class Plans:
    """See the module docstring."""

    def __init__(
        self,
        db: Database,
        bus: Bus,
        clock: Clock,
        jobs: Jobs,
        seal: Seal,
        applying: Applying,
        undoing: Undoing,
        letters: Letters,
    ) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._jobs = jobs
        self._seal = seal
        self._applying = applying
        self._undoing = undoing
        self._letters = letters

    async def preview(self, command: PreviewMassChange, caller: Caller) -> MassStarted:
        """Serve preview-mass-change."""
        change = command.change
        if (command.selection is None) == (command.numbers is None and command.add == 0):
            raise Invalid("Say either whom to add (`add` or `numbers`) or whom to change (`selection`).")
        if command.numbers is not None:
            change = change_of(command.numbers, change)
        elif command.selection is None:
            refuse({"add": "" if 1 <= command.add <= MOST else "bad-value"})
        recipe = prepared(change)
        if command.selection is not None:
            if changes_nothing(change):
                raise Invalid("The change is empty: name a field, a service, a login, a password or the state.")
            filter_ = contact_filter(command.selection)
            return await self.begin("edit", command.title, change, recipe, caller, self._edited(filter_))
        count = command.numbers.count if command.numbers else command.add
        if not any(step.type == "surname" for step in (*recipe.first, *recipe.later)):
            raise Invalid("A person needs a surname: name the field `surname`.", fields={"surname": "empty"})
        return await self.begin("add", command.title, change, recipe, caller, self._added(count), count)

    async def begin(
        self, kind: str, title: str, change: MassChange, recipe: Recipe, caller: Caller, drafts: Drafts, total: int = 0
    ) -> MassStarted:
        """Keep a new plan and make its rows in a job."""
        offers: list[ServiceOffer] = await self._bus.call(ListServices(), caller)
        rules = ServiceRules(offers)
        kept = replace(change, password=replace(change.password, value=""))
        async with self._db.transaction() as tx:
            plan = await store.add_plan(
                tx,
                kind,
                " ".join(title.split())[:200],
                caller.name or caller.role.value,
                msgspec.json.encode(kept).decode(),
                change.password.length,
                self._clock.now(),
            )
            if change.password.kind == "value":
                await store.put_secret(tx, plan, self._seal.close(change.password.value, plan))
        planner = Planner(self._db, self._seal, rules, plan, recipe)

        async def work(job: Job) -> object:
            return await self._make(plan, planner, drafts, job)

        return await self._start(plan, "mass-preview", caller, work, title, total)

    async def _make(self, plan: int, planner: Planner, drafts: Drafts, job: Job) -> object:
        try:
            counts = await planner.make(drafts, job)
        except BaseException as error:
            text = error.text if isinstance(error, RoschatError) else "The server failed on it; its log has the cause."
            await self._give_up(plan, "failed", text)
            raise
        if job.cancelled:
            await self._give_up(plan, "cancelled", "")
            return None
        async with self._db.transaction() as tx:
            await store.prepared(tx, plan, counts)
        return counts

    async def _give_up(self, plan: int, state: str, text: str) -> None:
        async with self._db.transaction() as tx:
            await store.failed(tx, plan, state, text)

    async def _added(self, count: int) -> Drafts:
        for start in range(0, count, BATCH):
            size = min(BATCH, count - start)
            async with self._db.reading() as tx:
                cids = await staff.reserve(tx, size)
            yield [Draft(place + 1, place, Person(cid)) for place, cid in enumerate(sorted(cids), start)]

    async def _edited(self, filter_: ContactFilter) -> Drafts:
        cids: list[ContactId] = await self._bus.call(ContactIds(filter_), timeout=ASKING)
        if len(cids) > MOST:
            raise Invalid(f"{len(cids)} contacts match; at most {MOST} are changed at once.")
        place = 0
        for start in range(0, len(cids), BATCH):
            async with self._db.reading() as tx:
                found = await staff.page(tx, cids[start : start + BATCH])
            yield [Draft(at + 1, at, person, person) for at, person in enumerate(found, place)]
            place += len(found)

    async def view(self, plan: int) -> MassPlanView:
        """Serve get-mass-plan. Raises NotFound."""
        async with self._db.reading() as tx:
            found = await store.plan(tx, _number(plan))
        if found is None:
            raise NotFound(f"There is no mass change {plan}; they are kept for thirty days, unused ones for a day.")
        return self._with_end(found)

    async def listed(self, page: int, size: int) -> MassPlans:
        """Serve list-mass-plans."""
        check_page(page, size)
        async with self._db.reading() as tx:
            plans = await store.plans(tx, (page - 1) * size, size)
            total = await store.count_plans(tx)
        return MassPlans([self._with_end(plan) for plan in plans], total)

    async def rows(self, plan: int, only: str, text: str, page: int, size: int) -> MassRows:
        """Serve list-mass-rows."""
        check_page(page, size)
        refuse({"only": "" if only in ONLY else "bad-value", "text": "bad-value" if "\0" in text else ""})
        await self.view(plan)
        async with self._db.reading() as tx:
            rows = await store.rows(tx, plan, only, text, (page - 1) * size, size)
            total = await store.count_rows(tx, plan, only, text)
        return MassRows([_shown(row) for row in rows], total)

    async def apply(self, command: ApplyMassPlan, caller: Caller) -> MassStarted:
        """Serve apply-mass-plan."""
        plan = await self.view(command.plan)
        if plan.state == "ready" and plan.errors and not command.skip_errors:
            text = f"{plan.errors} rows have errors; correct them, or apply the others alone."
            raise RoschatError(text, "plan-has-errors")
        if command.mail:
            await self._letters.check()
        await self._turn(plan, ["ready"], "applying", "Only a plan that is ready can be applied.")

        async def work(job: Job) -> object:
            result: dict[str, int] = await self._applying.run(job, plan.id, caller)
            if command.mail and not job.cancelled:
                result["mailed"] = await self._letters.send(job, plan.id, command.language)
            return result

        return await self._start(plan.id, "mass-apply", caller, work, plan.title, plan.added + plan.changed)

    async def undo(self, number: int, caller: Caller) -> MassStarted:
        """Serve undo-mass-plan."""
        plan = await self.view(number)
        await self._turn(plan, ["applied"], "undoing", "Only a plan that was applied can be taken back.")

        async def work(job: Job) -> object:
            return await self._undoing.run(job, plan.id, caller)

        return await self._start(plan.id, "mass-undo", caller, work, plan.title, plan.done)

    async def mail(self, number: int, language: str, caller: Caller) -> MassStarted:
        """Serve mail-mass-passwords."""
        plan = await self.view(number)
        await self._letters.check()
        if plan.state != "applied" or not plan.mailable:
            raise RoschatError("There is nobody who could get a password by mail.", "nobody-to-mail")

        async def work(job: Job) -> object:
            return {"mailed": await self._letters.send(job, plan.id, language)}

        async with self._db.transaction() as tx:
            await audit.record(tx, caller, "mail-mass-passwords", f"mass change {plan.id}")
        job = await self._jobs.start("mass-mail", caller, work, title=plan.title, total=plan.mailable)
        return MassStarted(plan.id, job)

    async def drop(self, number: int, caller: Caller) -> None:
        """Serve drop-mass-plan."""
        plan = await self.view(number)
        async with self._db.transaction() as tx:
            if not await store.drop(tx, plan.id):
                raise RoschatError(
                    f"The plan is {plan.state}; what changed something stays for thirty days.", "bad-state"
                )
            await audit.record(tx, caller, "drop-mass-plan", f"mass change {plan.id} {plan.title}".strip())

    async def recover(self) -> None:
        """Give plans whose job was broken off a state in which one can go on."""
        async with self._db.transaction() as tx:
            for plan, state in await store.broken_off(tx):
                if state == "preparing":
                    await store.failed(tx, plan, "failed", "The server was stopped; make the plan anew.")
                else:
                    # The rows know what was done; applying and undoing go on with the others.
                    await store.turn(tx, plan, [state], "ready" if state == "applying" else "applied")

    async def clear(self) -> None:
        """Forget what is old."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            await store.clear(tx, now - KEPT, now - UNUSED_KEPT, now - PASSWORDS_KEPT)

    async def _turn(self, plan: MassPlanView, before: list[str], after: str, text: str) -> None:
        async with self._db.transaction() as tx:
            if not await store.turn(tx, plan.id, before, after):
                raise RoschatError(f"{text} This one is {plan.state}.", "bad-state")
            await store.worked_by(tx, plan.id, 0)

    async def _start(self, plan: int, kind: str, caller: Caller, work: Work, title: str, total: int) -> MassStarted:
        job = await self._jobs.start(kind, caller, work, title=title or f"№ {plan}", total=total)
        async with self._db.transaction() as tx:
            await store.worked_by(tx, plan, job)
        return MassStarted(plan, job)

    def _with_end(self, plan: MassPlanView) -> MassPlanView:
        life = KEPT if plan.state in ("applied", "undone", "applying", "undoing") else UNUSED_KEPT
        return replace(plan, until=Seconds(plan.created + life), undoable=plan.state == "applied" and plan.done > 0)


def contact_filter(selection: MassSelection) -> ContactFilter:
    """The filter of the directory that a selection is. Raises Invalid."""
    try:
        return msgspec.convert(msgspec.to_builtins(selection), ContactFilter)
    except msgspec.ValidationError as error:
        raise Invalid(f"The selection cannot be taken: {error}.", fields={"selection": "bad-value"}) from None


def check_page(page: int, size: int) -> None:
    """Raises Invalid for a page that cannot be."""
    refuse({"page": "" if 1 <= page <= 1_000_000 else "bad-value", "size": "" if 1 <= size <= 1000 else "bad-value"})


def _number(plan: int) -> int:
    """The number of a plan; one that no database could hold is the number of none."""
    return plan if 0 < plan < 2**62 else 0


def _shown(row: PlannedRow) -> MassRow:
    before = row.before or Person(row.cid)
    told = list(differences(before, row.after)) if row.after else []
    if row.password:
        told.append(_password(row.password))
    return MassRow(row.position, row.name, row.action, row.state, row.cid, told, row.faults, row.outcome)


def _password(kind: str) -> MassDifference:
    return MassDifference("password", "", kind)
