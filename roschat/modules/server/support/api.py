"""Announcements of the system contact РОСЧАТ, and whom people ask for help (R-ADM-001…003)."""

from typing import Any

from roschat.types import ContactId, Seconds
from roschat.wire.declare import ADMIN, OPERATOR, PERSON, command, event
from roschat.wire.message import Command, Empty, Event, Message
from roschat.wire.rest import rest

MAX_ANNOUNCEMENT = 4000
"""Characters of an announcement."""


class Addressee(Message, frozen=True):
    """A person of an audience."""

    cid: ContactId
    name: str


class AudienceView(Message, frozen=True, omit_defaults=False):
    """How many people an announcement would reach, and the first of them."""

    total: int
    first: list[Addressee]


@rest("POST", "/announcements/audience", tag="support")
@command("count-audience", access=ADMIN)
class CountAudience(Command[AudienceView], frozen=True):
    """Who would get an announcement: active people with an account.

    `audience` is "all", "chosen" (those of `cids`) or "filter" (those that `filter`, as in find-contacts, finds).
    """

    audience: str
    cids: list[ContactId] = []
    filter: dict[str, Any] = {}


class Undelivered(Message, frozen=True):
    """Somebody who did not get it, and why."""

    cid: ContactId
    name: str
    error: str


class AnnouncementView(Message, frozen=True, omit_defaults=False):
    """An announcement and how far it has come.

    `state` is waiting (for its time), sending, done or cancelled. Delivered and read are counted when it is looked at.
    """

    id: int
    text: str
    audience: str
    state: str
    who: str
    created: Seconds
    due: Seconds
    started: Seconds
    ended: Seconds
    total: int
    sent: int
    delivered: int
    read: int
    failed: int
    job: int
    """The job that sends it; 0 before its time."""
    undelivered: list[Undelivered] = []
    """The first hundred of those who did not get it; only in get-announcement."""


@rest("POST", "/announcements", tag="support")
@command("announce", access=ADMIN)
class Announce(Command[AnnouncementView], frozen=True):
    """Write to many people from the system contact, now or at `due` (Unix seconds, at most a year ahead).

    `bad-request` with `fields`: text (empty, too-long), audience (bad-value), cids (empty), filter (bad-value),
    due (bad-value).
    """

    text: str
    audience: str
    cids: list[ContactId] = []
    filter: dict[str, Any] = {}
    due: Seconds = Seconds(0)


class Announcements(Message, frozen=True):
    """A page of announcements, newest first, and how many there are."""

    announcements: list[AnnouncementView]
    total: int


@rest("GET", "/announcements", tag="support")
@command("list-announcements", access=OPERATOR)
class ListAnnouncements(Command[Announcements], frozen=True):
    """Announcements, newest first. `page` counts from 1, `size` is 1 to 200."""

    page: int = 1
    size: int = 25


@rest("GET", "/announcements/{id}", tag="support")
@command("get-announcement", access=OPERATOR)
class GetAnnouncement(Command[AnnouncementView], frozen=True):
    """One announcement with those who did not get it."""

    id: int


@rest("POST", "/announcements/{id}/cancel", tag="support")
@command("cancel-announcement", access=ADMIN)
class CancelAnnouncement(Command[Empty], frozen=True):
    """Stop one that waits or is being sent; who has got it keeps it. `not-found` when it has ended."""

    id: int


@event("announcement-due")
class AnnouncementDue(Event, frozen=True):
    """There is an announcement to send: whoever sends looks at once."""


class SupportView(Message, frozen=True, omit_defaults=False):
    """Where people get help. Zero and empty: not there."""

    contact: ContactId
    email: str
    letters: bool
    """The server takes a letter for `email` with write-to-support; else the person's own mail program has to."""


@rest("GET", "/support", tag="support")
@command("get-support", access=PERSON | OPERATOR)
class GetSupport(Command[SupportView], frozen=True):
    """Whom to ask. A contact that was deactivated is left out."""


@command("write-to-support", access=PERSON)
class WriteToSupport(Command[Empty], frozen=True):
    """Send a letter to the support address. `too-many-requests` after some in an hour, `mail-off` without mail."""

    text: str
