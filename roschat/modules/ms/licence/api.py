"""The licence: how many people and what of the program this installation may use."""

from roschat.types import Seconds
from roschat.wire.declare import ADMIN, INTERNAL, command, event
from roschat.wire.message import Command, Event, Message
from roschat.wire.rest import rest


class LicenceLimits(Message, frozen=True, omit_defaults=False):
    """How much may exist at once."""

    people: int
    """«Унифицированных коммуникаций»: people with an account."""
    computers: int
    """«Компьютерных клиентов»"""
    sip_phones: int
    """«SIP-телефонов»"""
    sip_lines: int
    """«Количество SIP-линий»"""
    sip_conversations: int
    """«Количество SIP-разговоров»"""
    dispatchers: int
    """«Количество диспетчеров»"""


class LicenceUse(Message, frozen=True, omit_defaults=False):
    """How much is used; -1: nobody counts it, or the directory does not answer."""

    people: int = -1
    computers: int = -1
    sip_phones: int = -1


class LicenceFlags(Message, frozen=True, omit_defaults=False):
    """Which options may be used."""

    sorm: bool
    alert: bool
    """«Система оповещения»"""
    voice_menu: bool
    fax: bool
    push: bool
    geolocation: bool


class LicenceState(Message, frozen=True, omit_defaults=False):
    """What holds now.

    `state`: community (none is installed), active, offline (the licence server is silent, still in force), expired
    (still in force for ten days), ended (what the licence and the community licence both allow holds).
    """

    state: str
    limits: LicenceLimits
    flags: LicenceFlags


@command("get-licence-state", access=INTERNAL)
class GetLicenceState(Command[LicenceState], frozen=True):
    """For modules that a licence limits. Whatever it says: what exists and works goes on working."""


@event("licence-changed")
class LicenceChanged(Event, frozen=True):
    """Another licence holds, or the same one differently: ask get-licence-state."""

    state: str


class LicenceProblem(Message, frozen=True, omit_defaults=False):
    """Something to do about the licence; `days` left until it takes effect, -1 when that is not a matter of days.

    `kind`: offline, expired, ended-offline, ended-expired, foreign (bound to another installation or login), unknown
    (no trusted key has signed it), clock (it was set back), over (`what` names a limit that is exceeded), trouble (the
    last try to update failed; `text` says why).
    """

    kind: str
    days: int = -1
    what: str = ""
    text: str = ""


class LicenceView(Message, frozen=True, omit_defaults=False):
    """Everything for the page."""

    state: str
    number: str
    customer: str
    issued: str
    """ISO date."""
    until: str
    """ISO date of the last day; empty: without end («бессрочно»)."""
    limits: LicenceLimits
    used: LicenceUse
    flags: LicenceFlags
    e1_boards: list[str]
    installation: str
    """The number of this installation."""
    bound: str
    """To what the installed one is bound: installation, login, or nothing."""
    online: bool
    """A licence server is set up."""
    contacted: Seconds
    """Its last good answer; 0: never."""
    tried: Seconds
    problems: list[LicenceProblem]


@rest("GET", "/licence", tag="licence")
@command("get-licence", access=ADMIN)
class GetLicence(Command[LicenceView], frozen=True):
    """The licence, what is used of it, and what is wrong with it."""


@rest("POST", "/licence/update", tag="licence")
@command("update-licence", access=ADMIN)
class UpdateLicence(Command[LicenceView], frozen=True):
    """Ask the licence server for the licence now.

    `not-configured` without its address; `licence-server` when it is away, slow or answers nonsense; `bad-login-psw`
    when it does not know the login; `licence-refused` when what it sent does not count here.
    """


@rest("POST", "/licence/file", tag="licence")
@command("load-licence", access=ADMIN)
class LoadLicence(Command[LicenceView], frozen=True):
    """Install a licence file; `licence-refused` with the reason, then nothing changes."""

    text: str


@rest("DELETE", "/licence", tag="licence")
@command("remove-licence", access=ADMIN)
class RemoveLicence(Command[LicenceView], frozen=True):
    """Go back to the community licence; `not-found` when none is installed."""


class ActivationKey(Message, frozen=True, omit_defaults=False):
    """«Ключ активации»: the text to be sent to the vendor, who answers with a licence file."""

    installation: str
    text: str


@rest("GET", "/licence/activation", tag="licence")
@command("get-activation-key", access=ADMIN)
class GetActivationKey(Command[ActivationKey], frozen=True):
    """The request for a licence that needs no internet."""
