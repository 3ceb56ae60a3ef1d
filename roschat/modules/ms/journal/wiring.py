"""Builds the journal and connects it to the bus and the console's listener."""

from collections.abc import Awaitable, Callable

import msgspec

from roschat.kernel.aio import Tasks
from roschat.kernel.bus import Bus
from roschat.kernel.errors import Denied, Invalid
from roschat.kernel.formats import refuse
from roschat.kernel.http import Request, Response
from roschat.kernel.jobs import Jobs, JobView
from roschat.kernel.service import Context, Health
from roschat.modules.ms.gateway.payload import check_names, check_values
from roschat.modules.ms.journal.api import (
    EXPORT,
    AuditNames,
    AuditPage,
    CancelJob,
    GetJob,
    JobState,
    ListAudit,
    ListAuditNames,
    ListJobs,
)
from roschat.modules.ms.journal.changes import Changes, checked
from roschat.modules.ms.journal.settings import Settings
from roschat.modules.ms.users.api import AuthenticateConsole
from roschat.types import Role
from roschat.wire.message import Caller, Empty
from roschat.wire.rest import COOKIE, PREFIX

MOST_JOBS = 200


class JournalFeature:
    """The running feature: one method per command."""

    def __init__(self, changes: Changes, jobs: Jobs, tasks: Tasks) -> None:
        self._changes = changes
        self._jobs = jobs
        self._tasks = tasks

    async def audit(self, command: ListAudit, caller: Caller) -> AuditPage:
        """Serve list-audit."""
        return await self._changes.page(command)

    async def names(self, command: ListAuditNames, caller: Caller) -> AuditNames:
        """Serve list-audit-names."""
        return await self._changes.names()

    async def jobs(self, command: ListJobs, caller: Caller) -> list[JobState]:
        """Serve list-jobs."""
        refuse({"count": "too-small" if command.count < 1 else "too-large" if command.count > MOST_JOBS else ""})
        return [_state(job) for job in await self._jobs.listed(command.kind, command.count)]

    async def job(self, command: GetJob, caller: Caller) -> JobState:
        """Serve get-job."""
        return _state(await self._jobs.view(command.id))

    async def cancel(self, command: CancelJob, caller: Caller) -> Empty:
        """Serve cancel-job."""
        job = await self._jobs.view(command.id)
        if caller.role is Role.OPERATOR and job.who != caller.name:
            raise Denied(f"Job {job.id} was started by {job.who}; an operator stops only what he started himself.")
        self._jobs.cancel(command.id)
        return Empty()

    async def stop(self) -> None:
        """End the sweep."""
        await self._tasks.stop()

    async def health(self) -> Health:
        """The database tells its own health."""
        return Health()


def exporting(bus: Bus, changes: Changes) -> Callable[[Request], Awaitable[Response]]:
    """GET /audit/export."""

    async def export(request: Request) -> Response:
        cookie, key = request.cookies.get(COOKIE, ""), request.headers.get("authorization", "")
        await bus.call(AuthenticateConsole(cookie, key, request.address, access=sorted(EXPORT.access), tag=EXPORT.tag))
        query = dict(request.query)
        kind = query.pop("format", "csv")
        if kind not in ("csv", "json"):
            raise Invalid(f"The format {kind!r} is not known; there are csv and json.")
        check_values(query)
        check_names(ListAudit, query, "")
        asked = msgspec.convert(query, ListAudit, strict=False)
        checked(asked)
        content = changes.as_csv(asked) if kind == "csv" else changes.as_json(asked)
        type_ = "text/csv; charset=utf-8" if kind == "csv" else "application/json"
        headers = {
            "content-type": type_,
            "content-disposition": f'attachment; filename="audit.{kind}"',
            "cache-control": "no-store",
        }
        return Response(200, content, headers)

    return export


async def start(context: Context) -> JournalFeature:
    """Build, serve, and let one process forget what is old."""
    settings = await context.settings.section("audit", Settings)
    changes = Changes(context.db, context.clock, settings)
    tasks = Tasks("journal")
    feature = JournalFeature(changes, context.jobs, tasks)
    context.bus.serve(ListAudit, feature.audit)
    context.bus.serve(ListAuditNames, feature.names)
    context.bus.serve(ListJobs, feature.jobs)
    context.bus.serve(GetJob, feature.job)
    context.bus.serve(CancelJob, feature.cancel)
    context.routes("console").add(EXPORT.method, PREFIX + EXPORT.path, exporting(context.bus, changes))
    tasks.spawn(context.leases.hold("ms.audit", changes.keep_short), "forgetting")
    return feature


def _state(job: JobView) -> JobState:
    return JobState(*msgspec.structs.astuple(job))
