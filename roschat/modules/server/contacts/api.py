"""The directory as the console keeps it: finding contacts, their cards, accounts, services and connections.

The messenger's own view of a card is `server.directory`; a change made here reaches it at once.
"""

from enum import StrEnum

from msgspec import field

from roschat.types import ContactId, DeviceId, FileName, Revision, Seconds
from roschat.wire.declare import INTERNAL, OPERATOR, command, event, hook
from roschat.wire.message import Command, Empty, Event, Hook, Message, Secret
from roschat.wire.rest import rest

SORTS = (
    "name", "number", "email", "login", "organisation", "department", "position", "room", "birthday", "cid", "changed",
)  # fmt: skip
"""What a list of contacts may be sorted by."""
VALUE_TYPES = ("organisation", "department", "position", "room")
"""Card fields whose values are told with counts."""
LARGEST_PAGE = 1000
"""What «Все» shows at once; the rest stands on further pages."""


class ServiceType(StrEnum):
    """What a person may use (R-DIR-011…026): RosChat's own services first, then those of a PBX."""

    COMPUTER = "computer"
    MOBILE = "mobile"
    SIP = "sip"
    RADIO = "radio"
    TETRA = "tetra"
    VIDEOMOST = "videomost"
    PBX_SIP = "pbx-sip"
    PBX_ANALOG = "pbx-analog"
    PBX_DECT = "pbx-dect"
    PBX_ISDN_TDM = "pbx-isdn-tdm"
    PBX_FXS = "pbx-fxs"
    PBX_ISDN = "pbx-isdn"
    DX500_SIP = "dx500-sip"
    DX500_CTA = "dx500-cta"
    DX500_ATA = "dx500-ata"


FIRST_SERVICES = (ServiceType.COMPUTER, ServiceType.MOBILE)
"""What a new account gets unless told otherwise."""


# Finding.


class FieldFilter(Message, frozen=True):
    """Contacts whose field holds the text `value`, in either case, ё as е.

    `type` is one of directory.CARD_FIELDS, "number", "email", "login", or "custom" with the `name` of the field. Of
    "manager" and "assistant" the value is a cid or a part of that person's name. With `exact` the whole value of one
    field is compared, and an empty value finds the contacts without the field.
    """

    type: str
    value: str = ""
    name: str = ""
    exact: bool = False


class ContactFilter(Message, frozen=True):
    """Which people. Everything that is given must be true at once; with nothing given all active people match."""

    text: str = ""
    """Words or parts of words, in any order, of name, number, login, e-mail, position, department, organisation."""
    fields: list[FieldFilter] = []
    services: list[ServiceType] = []
    """All of these are granted."""
    without_services: list[ServiceType] = []
    """None of these is granted."""
    state: str = "active"
    """active, inactive or all."""
    account: str = "any"
    """any, with, without or blocked."""
    role: int = 0
    """Has this role of the role model; 0: whichever."""
    cids: list[ContactId] = []
    """Only these; empty: everybody."""


class ContactRow(Message, frozen=True):
    """One line of the list. `number` and `email` are the main ones, `numbers` and `emails` all, with ", " between."""

    cid: ContactId
    rev: Revision
    surname: str = ""
    name: str = ""
    patronymic: str = ""
    number: str = ""
    email: str = ""
    numbers: str = ""
    emails: str = ""
    login: str = ""
    organisation: str = ""
    department: str = ""
    position: str = ""
    room: str = ""
    birthday: str = ""
    services: list[str] = []
    active: bool = True
    blocked: bool = False
    avatar: FileName = FileName("")
    changed: Seconds = Seconds(0)


class ContactPage(Message, frozen=True, omit_defaults=False):
    """Some of the contacts that match, and how many match."""

    contacts: list[ContactRow]
    total: int


@rest("POST", "/contacts/find", tag="directory")
@command("find-contacts", access=OPERATOR)
class FindContacts(Command[ContactPage], frozen=True):
    """Find people. `sort` is one of SORTS, `page` counts from 1, `size` is 1 to 1000; 0 («Все») is 1000 as well."""

    filter: ContactFilter = ContactFilter()
    sort: str = "name"
    descending: bool = False
    page: int = 1
    size: int = 20


@command("contact-ids", access=INTERNAL)
class ContactIds(Command[list[ContactId]], frozen=True):
    """All people that match, in the order of their names."""

    filter: ContactFilter = ContactFilter()


class ValueCount(Message, frozen=True):
    """A value that cards have, as most of them write it, and how many."""

    value: str
    count: int


@rest("GET", "/contacts/values", tag="directory")
@command("list-contact-values", access=OPERATOR)
class ListContactValues(Command[list[ValueCount]], frozen=True):
    """Values of a card field (one of VALUE_TYPES) of active people that hold `text`, the most frequent first."""

    type: str
    text: str = ""
    count: int = 50


# Cards.


class ContactField(Message, frozen=True):
    """One field of a card, as directory.CardField: `type` is of CARD_FIELDS, number, email, or custom with a `name`."""

    type: str
    value: str = ""
    name: str = ""


class NamedContact(Message, frozen=True):
    """A person who is named on a card."""

    cid: ContactId
    name: str


class ContactCard(Message, frozen=True):
    """A contact with everything that its page shows at once."""

    cid: ContactId
    rev: Revision
    """Give it back with a change: a card that was changed meanwhile is not overwritten."""
    fields: list[ContactField]
    description: str = ""
    avatar: FileName = FileName("")
    active: bool = True
    people: list[NamedContact] = []
    """The manager and the assistant."""
    login: str = ""
    blocked: bool = False
    """The account is blocked: nobody signs in with it."""
    services: list[str] = []
    status: str = "offline"
    """online, busy, away or offline"""
    seen_time: Seconds = Seconds(0)
    """When an offline contact was last online; 0: never."""
    created_time: Seconds = Seconds(0)
    changed_time: Seconds = Seconds(0)


class ContactNumber(Message, frozen=True):
    """The id of a contact."""

    cid: ContactId


@rest("GET", "/contacts/{cid}", tag="directory")
@command("get-contact-card", access=OPERATOR)
class GetContactCard(Command[ContactCard], frozen=True):
    """One person; `not-found` for a deleted one."""

    cid: ContactId


@command("get-contact-cards", access=INTERNAL)
class GetContactCards(Command[list[ContactCard]], frozen=True):
    """Up to 1000 people at once, without `people`, `status` and `seen_time`; those that do not exist are left out."""

    cids: list[ContactId]


@rest("POST", "/contacts", tag="directory")
@command("create-contact", access=OPERATOR)
class CreateContact(Command[ContactNumber], frozen=True):
    """Add a person. Only a surname is needed; the working day is 9:00 to 18:00 unless given.

    Refused with `bad-request` or `number-taken`; `fields` of the refusal name the field by its type, the second of a
    type as `number.1`, with the reason.
    """

    fields: list[ContactField]
    description: str = ""


@rest("PUT", "/contacts/{cid}", tag="directory")
@command("change-card", access=OPERATOR)
class ChangeCard(Command[ContactCard], frozen=True):
    """Replace the fields of a card; refused like create-contact, and with `conflict` when `rev` is not the last one.

    `rev` 0 overwrites whatever is there.
    """

    cid: ContactId
    fields: list[ContactField]
    rev: Revision = Revision(0)
    description: str | None = None
    """Absent: as it is."""


@rest("PUT", "/contacts/{cid}/avatar", tag="directory", max_body=12_000_000)
@command("set-contact-avatar", access=OPERATOR)
class SetContactAvatar(Command[ContactCard], frozen=True):
    """Make a picture (JPEG, PNG, GIF or WebP, up to 8 MB, in base64) the avatar; an empty one takes it away."""

    cid: ContactId
    picture: bytes = b""


class ContactPicture(Message, frozen=True):
    """An avatar, of at most 640 pixels where a smaller copy is kept."""

    content_type: str
    picture: bytes


@rest("GET", "/contacts/{cid}/avatar", tag="directory")
@command("get-contact-avatar", access=OPERATOR)
class GetContactAvatar(Command[ContactPicture], frozen=True):
    """The picture of a contact, in base64; `not-found` when it has none."""

    cid: ContactId


@rest("PUT", "/contacts/{cid}/active", tag="directory")
@command("activate-contact", access=OPERATOR)
class ActivateContact(Command[Empty], frozen=True):
    """Deactivate a contact: everything it has open ends within two seconds; or take it back."""

    cid: ContactId
    active: bool


@rest("DELETE", "/contacts/{cid}", tag="directory")
@command("delete-contact", access=OPERATOR)
class DeleteContact(Command[Empty], frozen=True):
    """Take a contact out of the directory for good.

    Its login, numbers and services are free for others, everything it has open ends, and of the card the name stays,
    under which its messages are shown.
    """

    cid: ContactId


# Accounts.


@rest("PUT", "/contacts/{cid}/account", tag="directory")
@command("set-contact-account", access=OPERATOR)
class SetContactAccount(Command[Empty], frozen=True):
    """Make an account, or change its login, its password or both; an empty one stays as it is.

    A new account needs both and gets the services `services`. A new password signs every device out. Refused with
    `bad-request` and `login-taken`, with `fields`.
    """

    cid: ContactId
    login: str = ""
    password: Secret = ""
    services: list[ServiceType] = field(default_factory=lambda: list(FIRST_SERVICES))


@rest("DELETE", "/contacts/{cid}/account", tag="directory")
@command("remove-contact-account", access=OPERATOR)
class RemoveContactAccount(Command[Empty], frozen=True):
    """Take the account away; the card stays. Everything signed in with it ends."""

    cid: ContactId


@rest("PUT", "/contacts/{cid}/account/blocked", tag="directory")
@command("block-account", access=OPERATOR)
class BlockAccount(Command[Empty], frozen=True):
    """Let nobody sign in with this account until it is unblocked; what is signed in ends. The card stays as it is."""

    cid: ContactId
    blocked: bool


class LetterSent(Message, frozen=True):
    """Where the letter goes."""

    to: str


@rest("POST", "/contacts/{cid}/account/letter", tag="directory")
@command("send-credentials", access=OPERATOR)
class SendCredentials(Command[LetterSent], frozen=True):
    """Send the person a letter with login and password; the login must be an e-mail address (`bad-request` otherwise).

    `password` is the one of the account, refused when it is not. Without it a new random one is made, set and sent.
    """

    cid: ContactId
    password: Secret = ""


# Services.


class ContactService(Message, frozen=True):
    """A service of a contact with its parameters, by the names of ServiceParameter."""

    type: ServiceType
    params: dict[str, str] = {}


class ServiceServer(Message, frozen=True):
    """A server of an integration that a service needs."""

    id: str
    name: str


class ServiceParameter(Message, frozen=True):
    """What a service asks; `kind` is number (1 to 20 digits, * and #), ssi (of TETRA), or server (of `choices`)."""

    name: str
    kind: str = "number"
    needed: bool = True
    choices: list[ServiceServer] = []


class ServiceOffer(Message, frozen=True):
    """A service that can be granted. `available` is false while the integration that it needs is not configured."""

    type: ServiceType
    group: str
    """roschat or pbx"""
    params: list[ServiceParameter] = []
    available: bool = True


@rest("GET", "/services", tag="directory")
@command("list-services", access=OPERATOR)
class ListServices(Command[list[ServiceOffer]], frozen=True):
    """All services with what each asks, in the order of the console."""


@rest("GET", "/contacts/{cid}/services", tag="directory")
@command("get-contact-services", access=OPERATOR)
class GetContactServices(Command[list[ContactService]], frozen=True):
    """What the contact may use."""

    cid: ContactId


@rest("PUT", "/contacts/{cid}/services", tag="directory")
@command("set-contact-services", access=OPERATOR)
class SetContactServices(Command[Empty], frozen=True):
    """Replace all services of a contact. Sessions of applications it may not use any more end at once.

    Refused with `bad-request` (a parameter; a type twice), `number-taken`, or what `may-grant-service` answers; the
    `fields` are the parameters.
    """

    cid: ContactId
    services: list[ContactService]


@rest("POST", "/contacts/{cid}/services", tag="directory")
@command("add-contact-service", access=OPERATOR)
class AddContactService(Command[Empty], frozen=True):
    """Grant a service. `already-exists` when the contact has it; else refused like set-contact-services."""

    cid: ContactId
    type: ServiceType
    params: dict[str, str] = {}


@rest("PUT", "/contacts/{cid}/services/{type}", tag="directory")
@command("change-contact-service", access=OPERATOR)
class ChangeContactService(Command[Empty], frozen=True):
    """Change the parameters of a service that the contact has; refused like set-contact-services."""

    cid: ContactId
    type: ServiceType
    params: dict[str, str] = {}


@rest("DELETE", "/contacts/{cid}/services/{type}", tag="directory")
@command("remove-contact-service", access=OPERATOR)
class RemoveContactService(Command[Empty], frozen=True):
    """Take a service away; `not-found` when the contact does not have it."""

    cid: ContactId
    type: ServiceType


@hook("may-grant-service")
class MayGrantService(Hook, frozen=True):
    """May this contact, which does not have the service yet, get it? (licence)"""

    cid: ContactId
    service: ServiceType


@event("contact-services-changed")
class ContactServicesChanged(Event, frozen=True):
    """The services of a contact are these now."""

    cid: ContactId
    services: tuple[str, ...]


@event("account-changed")
class AccountChanged(Event, frozen=True):
    """A contact got an account, another login, or lost it; or it was blocked or unblocked."""

    cid: ContactId


@command("service-counts", access=INTERNAL)
class ServiceCounts(Command[dict[str, int]], frozen=True):
    """How many active people with an account have each service; "account" counts those with an account."""


@command("role-members", access=INTERNAL)
class RoleMembers(Command[list[ContactId]], frozen=True):
    """The contacts with a role. Served by the module of the role model."""

    role: int


@command("tetra-servers", access=INTERNAL)
class TetraServers(Command[list[ServiceServer]], frozen=True):
    """Connected TETRA servers. Served by the module that connects TETRA; without it the service cannot be granted."""


@command("videomost-servers", access=INTERNAL)
class VideomostServers(Command[list[ServiceServer]], frozen=True):
    """Connected Videomost servers. Served by the module that connects Videomost."""


# Connections.


class DeviceConnection(Message, frozen=True):
    """A signed-in device of a contact."""

    device: DeviceId
    kind: str
    """mobile, computer or web"""
    client: str = ""
    """Type and version as the client calls itself."""
    name: str = ""
    address: str = ""
    online: bool = False
    authorised_time: Seconds = Seconds(0)
    """The last successful authorisation."""
    since_time: Seconds = Seconds(0)
    """Since when it is connected; 0 when it is not."""
    seen_time: Seconds = Seconds(0)
    """When one that is not connected was last here."""


@rest("GET", "/contacts/{cid}/connections", tag="directory")
@command("list-connections", access=OPERATOR)
class ListConnections(Command[list[DeviceConnection]], frozen=True):
    """The signed-in devices of a contact, connected ones first."""

    cid: ContactId


@rest("DELETE", "/contacts/{cid}/connections/{device}", tag="directory")
@command("end-connection", access=OPERATOR)
class EndConnection(Command[Empty], frozen=True):
    """Sign a device out; `not-found` when the contact has none like this."""

    cid: ContactId
    device: DeviceId


@rest("DELETE", "/contacts/{cid}/connections", tag="directory")
@command("end-connections", access=OPERATOR)
class EndConnections(Command[Empty], frozen=True):
    """Sign every device of a contact out."""

    cid: ContactId
