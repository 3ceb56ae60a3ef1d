"""Developers of bots and their bots, as the console keeps them (R-DEV-001)."""

from roschat.types import ContactId, FileName, Seconds
from roschat.wire.declare import ADMIN, OPERATOR, command
from roschat.wire.message import Command, Empty, Message, Secret
from roschat.wire.rest import rest


class DeveloperView(Message, frozen=True, omit_defaults=False):
    """An account of the developers' panel."""

    id: int
    login: str
    name: str
    blocked: bool
    bots: int
    """How many bots it has."""
    created: Seconds
    signed_in: Seconds
    """The last sign-in to the panel; 0: never."""


@rest("GET", "/developers", tag="developers")
@command("list-developers", access=OPERATOR)
class ListDevelopers(Command[list[DeveloperView]], frozen=True):
    """All accounts by login; with `text` those that hold it in login or name."""

    text: str = ""


class DeveloperNumber(Message, frozen=True):
    """The id of an account."""

    id: int


@rest("POST", "/developers", tag="developers")
@command("create-developer", access=ADMIN)
class CreateDeveloper(Command[DeveloperNumber], frozen=True):
    """Make an account.

    `bad-request` with `fields`: login (empty, too-long, bad-value, taken), name (too-long, bad-value), password (empty,
    too-short, too-long).
    """

    login: str
    password: Secret
    name: str = ""


@rest("PUT", "/developers/{id}", tag="developers")
@command("change-developer", access=ADMIN)
class ChangeDeveloper(Command[Empty], frozen=True):
    """Change login and name; refused like create-developer."""

    id: int
    login: str
    name: str = ""


@rest("PUT", "/developers/{id}/password", tag="developers")
@command("reset-developer-password", access=ADMIN)
class ResetDeveloperPassword(Command[Empty], frozen=True):
    """Set another password; every browser of the developer is signed out."""

    id: int
    password: Secret


@rest("PUT", "/developers/{id}/blocked", tag="developers")
@command("block-developer", access=ADMIN)
class BlockDeveloper(Command[Empty], frozen=True):
    """A blocked developer is signed out and cannot sign in; his bots go on."""

    id: int
    blocked: bool = True


@rest("DELETE", "/developers/{id}", tag="developers")
@command("delete-developer", access=ADMIN)
class DeleteDeveloper(Command[Empty], frozen=True):
    """Delete an account. His bots become the administrator's, or are deleted too with `bots` "delete"."""

    id: int
    bots: str = "keep"


class BotRow(Message, frozen=True, omit_defaults=False):
    """A bot as the console lists it."""

    cid: ContactId
    name: str
    title: str
    description: str
    icon: FileName
    developer: int
    """0: it belongs to the administrator."""
    login: str
    """Of the developer."""
    online: int
    """Live sockets."""
    disabled: bool
    seen: Seconds
    """The last connection, message or call; 0: never."""


@rest("GET", "/bots", tag="developers")
@command("list-all-bots", access=OPERATOR)
class ListAllBots(Command[list[BotRow]], frozen=True):
    """All bots by title; with `text` those that hold it in name, title or the developer's login."""

    text: str = ""
    developer: int = -1
    """Only of this developer; 0 the administrator's own, -1 of everybody."""


@rest("PUT", "/bots/{cid}/disabled", tag="developers")
@command("disable-bot", access=ADMIN)
class DisableBot(Command[Empty], frozen=True):
    """A disabled bot is thrown out and cannot come back, and people see that it is gone; its token stays."""

    cid: ContactId
    disabled: bool = True


@rest("PUT", "/bots/{cid}/developer", tag="developers")
@command("give-bot", access=ADMIN)
class GiveBot(Command[Empty], frozen=True):
    """Hand a bot over to another developer; 0 is the administrator."""

    cid: ContactId
    developer: int
