"""The journal of changes, and the long jobs that administrators started."""

from typing import Any

from roschat.wire.declare import OPERATOR, SECURITY, command
from roschat.wire.message import Command, Empty, Message
from roschat.wire.rest import rest, stream


class AuditEntry(Message, frozen=True, omit_defaults=False):
    """Who did what, when (Unix seconds), from where, and what was there before and after; null: nothing."""

    id: int
    time: float
    who: str
    role: str
    address: str
    action: str
    subject: str
    before: Any = None
    after: Any = None


class AuditPage(Message, frozen=True, omit_defaults=False):
    """Entries, newest first. `next` goes into `before` of the next question; 0: there is no more."""

    entries: list[AuditEntry]
    next: int


@rest("GET", "/audit", tag="audit")
@command("list-audit", access=SECURITY)
class ListAudit(Command[AuditPage], frozen=True):
    """Entries of `who`, of `action` (its beginning), with `text` in the subject, from `since` to before `until`.

    Times are Unix seconds, 0 for no limit. `count` is 1 to 500.
    """

    who: str = ""
    action: str = ""
    text: str = ""
    since: float = 0.0
    until: float = 0.0
    before: int = 0
    count: int = 100


class AuditNames(Message, frozen=True, omit_defaults=False):
    """What one can choose from in the filters."""

    who: list[str]
    actions: list[str]


@rest("GET", "/audit/names", tag="audit")
@command("list-audit-names", access=SECURITY)
class ListAuditNames(Command[AuditNames], frozen=True):
    """Who and which actions there are in the journal."""


EXPORT = stream(
    "GET",
    "/audit/export",
    tag="audit",
    summary="The journal as a file: `format` is csv (for tables, with a semicolon) or json; filters as in GET /audit.",
    access=SECURITY,
    gives="text/csv",
)


class JobState(Message, frozen=True, omit_defaults=False):
    """A long job. Times are Unix seconds, 0 for not yet; `total` 0 is not known."""

    id: int
    kind: str
    title: str
    who: str
    state: str
    """running, done, failed, cancelled, interrupted"""
    done: int = 0
    total: int = 0
    text: str = ""
    """What it is at, or why it failed."""
    result: Any = None
    started: float = 0.0
    ended: float = 0.0


@rest("GET", "/jobs", tag="jobs")
@command("list-jobs", access=OPERATOR)
class ListJobs(Command[list[JobState]], frozen=True):
    """The newest jobs (of a kind), without their results. `count` is 1 to 200."""

    kind: str = ""
    count: int = 50


@rest("GET", "/jobs/{id}", tag="jobs")
@command("get-job", access=OPERATOR)
class GetJob(Command[JobState], frozen=True):
    """One job, with its result when it has ended."""

    id: int


@rest("DELETE", "/jobs/{id}", tag="jobs")
@command("cancel-job", access=OPERATOR)
class CancelJob(Command[Empty], frozen=True):
    """Ask a running job to stop after its current step; what is done stays done.

    An operator stops only what he started himself.
    """

    id: int
