"""The company's directory: cards of people, bots and the system contact."""

from typing import Annotated

import msgspec

from roschat.types import ContactId, FileName, Revision
from roschat.wire.declare import INTERNAL, PERSON, Shape, command, event, hook
from roschat.wire.message import ClientEvent, Command, Empty, Event, Hook, Message

CARD_FIELDS = (
    "surname", "name", "patronymic", "birthday", "organisation", "department", "position", "room",
    "workdayStart", "workdayEnd", "manager", "assistant",
)  # fmt: skip
"""The manual's card fields (R-DIR-002), in the order of the card."""


class CardField(Message, frozen=True):
    """One field of a card. `type` is one of CARD_FIELDS, "number", "email", or "custom" with a `name`.

    "manager" and "assistant" hold a cid as text. Several numbers and e-mails are allowed; the first is the main one.
    """

    type: str
    value: str
    name: str = ""


class ContactView(Message, frozen=True):
    """A card at APILevel 1 and above."""

    cid: ContactId
    rev: Revision
    fields: list[CardField]
    kind: str = "person"
    """person, bot, system"""
    avatar: FileName = FileName("")
    title: str = ""
    """The shown name of a bot."""
    description: str = ""
    commands: list[str] = []
    """A bot's commands as "/command - what it does"."""
    active: bool = True


class OldContactView(Message, frozen=True):
    """A card at APILevel 0."""

    cid: ContactId
    surname: str
    name: str = ""
    patronymic: str = ""


@command("get-contacts", access=PERSON)
class GetContacts(Command[Annotated[msgspec.Raw, Shape(list[ContactView])]], frozen=True):
    """Cards the caller may see: an array of ContactView (OldContactView at APILevel 0), in the order of their `rev`.

    `type` "global" is the company's directory, "local" the caller's own list, which RosChat's clients keep on their
    device: always empty. With `rev` only cards changed after it, deactivated ones included with `active` false; with
    `cids` only these, deactivated ones included.
    """

    type: str = "global"
    rev: Revision = Revision(0)
    cids: list[ContactId] = []


@command("get-contact", access=PERSON)
class GetContact(Command[ContactView], frozen=True):
    """One card."""

    cid: ContactId


@command("get-favorites", access=PERSON)
class GetFavorites(Command[list[ContactId]], frozen=True):
    """The caller's favourite contacts in the order they were added."""


@command("set-favorite", access=PERSON)
class SetFavorite(Command[Empty], frozen=True):
    """Add a contact to the favourites, or take it off."""

    cid: ContactId
    favorite: bool = True


@command("set-avatar", access=PERSON)
class SetAvatar(Command[Empty], frozen=True):
    """Make an uploaded image the caller's avatar; an empty name takes it away."""

    file: FileName = FileName("")


@event("contact-change-event")
class ContactChangeEvent(ClientEvent, frozen=True):
    """A card changed, appeared, or was deactivated."""

    contact: ContactView


@event("directory-change-event")
class DirectoryChangeEvent(ClientEvent, frozen=True):
    """Many cards changed at once, this instead of each of them. Ask `get-contacts` with the last `rev` you know."""

    rev: Revision
    """The directory's revision now."""


@hook("see-directory")
class SeeDirectory(Hook, frozen=True):
    """May this person see every card? When Denied, `visible-contacts` names those that he may see."""

    viewer: ContactId


@command("visible-contacts", access=INTERNAL)
class VisibleContacts(Command[list[ContactId]], frozen=True):
    """The contacts that a restricted person may list and find; with `among` those of them whose cards he may see.

    Served by the module that answers the hook `see-directory`.
    """

    viewer: ContactId
    among: list[ContactId] = []


@event("visibility-changed")
class VisibilityChanged(Event, frozen=True):
    """These people may see other contacts now than before."""

    viewers: list[ContactId]


@event("contact-changed")
class ContactChanged(Event, frozen=True):
    """For other modules: the card of `cid` is now like this."""

    contact: ContactView


class ContactAdded(Message, frozen=True):
    """The id of a new card."""

    cid: ContactId


@command("add-contact", access=INTERNAL)
class AddContact(Command[ContactAdded], frozen=True):
    """Add a card. A surname is needed for a person; a bot has `title` and, as field "name", its Latin name.

    Refused with `bad-request` when a field breaks its rule, `number-taken` when a number is another card's. The avatar
    must be an image.
    """

    fields: list[CardField]
    kind: str = "person"
    title: str = ""
    description: str = ""
    commands: list[str] = []
    avatar: FileName = FileName("")


@command("change-contact", access=INTERNAL)
class ChangeContact(Command[Empty], frozen=True):
    """Replace the whole card of a contact; refused like add-contact, and `conflict` when `rev` is not its revision.

    With `rev` 0 it is replaced whatever it is.
    """

    cid: ContactId
    fields: list[CardField]
    title: str = ""
    description: str = ""
    commands: list[str] = []
    avatar: FileName = FileName("")
    rev: Revision = Revision(0)


@command("remove-contact", access=INTERNAL)
class RemoveContact(Command[Empty], frozen=True):
    """Take a person off the directory for good: the card keeps the name alone, inactive; its numbers are free.

    Its account and services are gone before: `delete-contact` of server.contacts does all of it.
    """

    cid: ContactId


@command("set-contact-active", access=INTERNAL)
class SetContactActive(Command[Empty], frozen=True):
    """Mark a card as (in)active. To end sessions as well, call `set-account-active`."""

    cid: ContactId
    active: bool


@command("list-contacts", access=INTERNAL)
class ListContacts(Command[list[ContactView]], frozen=True):
    """Cards in the order of their cid, for administration."""

    after: ContactId = ContactId(0)
    count: int = 1000
    kind: str = ""
