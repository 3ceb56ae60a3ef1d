"""Registration: people make accounts for themselves, as far as the administrator lets them."""

from roschat.types import DeviceId, Seconds
from roschat.wire.declare import ANYONE, OPERATOR, command
from roschat.wire.message import Command, Empty, Message, Secret
from roschat.wire.rest import rest


class RegistrationRules(Message, frozen=True, omit_defaults=False):
    """What a stranger may know before he registers."""

    on: bool
    domains: list[str]
    """Mail addresses must end so; empty: any."""


@command("get-registration", access=ANYONE)
class GetRegistration(Command[RegistrationRules], frozen=True):
    """May people register themselves here?"""


class RegisterReply(Message, frozen=True):
    """`state`: code (repeat with the code that was mailed), waiting (for an administrator), done (sign in now)."""

    state: str
    device: DeviceId = DeviceId("")
    """When done: give it to `login`, so that no second code is needed for the device that has just proved itself."""


@command("register", access=ANYONE)
class Register(Command[RegisterReply], frozen=True):
    """Ask for an account; the e-mail becomes the login.

    The answer is the same whether the address has an account or not; its owner learns it from the letter. Refused with
    `access-denied` when registration is off, `bad-request` with `fields` (surname, name, email, password), `bad-code`,
    `too-many-requests`.
    """

    email: str
    surname: str = ""
    name: str = ""
    password: Secret = ""
    code: str = ""


class RegistrationView(Message, frozen=True, omit_defaults=False):
    """Somebody who waits for an administrator."""

    id: int
    email: str
    surname: str
    name: str
    address: str
    created: Seconds


@rest("GET", "/registrations", tag="registrations")
@command("list-registrations", access=OPERATOR)
class ListRegistrations(Command[list[RegistrationView]], frozen=True):
    """Those who wait, the first one first; at most a thousand."""


@rest("POST", "/registrations/{id}/approve", tag="registrations")
@command("approve-registration", access=OPERATOR)
class ApproveRegistration(Command[Empty], frozen=True):
    """Make the card and the account, and write to the person. Refused when the licence has no room."""

    id: int


@rest("POST", "/registrations/{id}/refuse", tag="registrations")
@command("refuse-registration", access=OPERATOR)
class RefuseRegistration(Command[Empty], frozen=True):
    """Say no; the person is not told, and the address cannot ask again for a month."""

    id: int
