"""Signing in: passwords, devices and their tokens, sessions."""

from enum import StrEnum

from msgspec import field

from roschat.types import ContactId, DeviceId, Seconds, SessionId
from roschat.wire.declare import ANYONE, INTERNAL, PERSON, command, event, hook
from roschat.wire.message import Command, Empty, Event, Grant, Hook, Message, Secret

COOKIE = "roschat_access"
"""The cookie in which a browser shows its access token when it downloads files (`POST /ajax/session` sets it)."""


class Tokens(Message, frozen=True, rename=None):
    """What a device keeps: a short-lived access token and a refresh token that is good once."""

    access_token: str
    refresh_token: str
    expires_in: int
    """Life of the access token in seconds."""


class LoginReply(Message, frozen=True):
    """`status` is "ok", or "error" with `error` and `text` and nothing else.

    `tokens` and `device` come at APILevel 1 and above; a sign-in at level 0 lasts as long as its socket.
    """

    status: str
    uid: ContactId = ContactId(0)
    api_level: int = field(default=-1, name="APILevel")
    """What the server speaks with this socket, 0..9; absent on an error."""
    tokens: Tokens | None = None
    device: DeviceId = DeviceId("")
    error: str = ""
    text: str = ""


@command("login", access=ANYONE)
class Login(Command[Grant[LoginReply]], frozen=True):
    """Sign in by login and password, or by an access token in `token`.

    One answer, `bad-login-psw`, for an unknown login, a wrong password and a deactivated contact; after too many tries
    `too-many-requests`; for a token that is not good (any more) `bad-token`. All of these are answers with `status`
    "error", not refusals, and leave the socket as it was. When the device is new and a second factor is on, the right
    password is answered by `need-code`: a code was mailed, repeat the sign-in with it in `code`; `bad-code` when it is
    not the right one. `device` is the id of an earlier sign-in of the same installation, `device_name` is
    shown in the list of sessions. With `silent_mode` the person is not shown as online before `set-contact-status`.
    """

    login: str = ""
    password: str = ""
    token: str = ""
    client: str = ""
    device: DeviceId = DeviceId("")
    device_name: str = ""
    api_level: int = field(default=0, name="APILevel")
    silent_mode: bool = False
    code: str = ""


class ClientKind(StrEnum):
    """The applications of a person, as services and roles name them."""

    MOBILE = "mobile"
    COMPUTER = "computer"
    WEB = "web"


@hook("may-sign-in")
class MaySignIn(Hook, frozen=True):
    """May this person use this application? Asked when the password was right and when a token signs a socket in."""

    cid: ContactId
    kind: ClientKind


@event("sign-in-rules-changed")
class SignInRulesChanged(Event, frozen=True):
    """Who may use which application has changed: live sessions that may not be any more are ended.

    With `cids` only for these contacts.
    """

    cids: list[ContactId] = []


@hook("may-have-account")
class MayHaveAccount(Hook, frozen=True):
    """May this contact, which has none, get an account, or an inactive one come back? (licence)"""

    cid: ContactId


@command("refresh-token", access=ANYONE)
class RefreshToken(Command[Tokens], frozen=True, rename=None):
    """A new pair of tokens for a refresh token, which is good once.

    A client that did not get the answer may repeat within a minute; a token used later than that ends the device, for
    somebody has a copy of it.

    `bad-token` when it is not good: sign in by password again.
    """

    refresh_token: str


@command("logout", access=PERSON)
class Logout(Command[Empty], frozen=True):
    """Forget this device: its tokens die and its sockets close."""


class DeviceView(Message, frozen=True):
    """One signed-in device in the list of sessions."""

    id: DeviceId
    client: str
    name: str
    address: str
    created_time: Seconds
    seen_time: Seconds
    authorised_time: Seconds = Seconds(0)
    """The last sign-in, or refreshing of tokens."""
    online: bool = False
    current: bool = False


@command("get-sessions", access=PERSON)
class GetSessions(Command[list[DeviceView]], frozen=True):
    """The signed-in devices of the caller, the last seen first."""


@command("end-session", access=PERSON)
class EndSession(Command[Empty], frozen=True):
    """Sign a device of the caller out; without `id`, all but the current one."""

    id: DeviceId = DeviceId("")


@command("change-password", access=PERSON)
class ChangePassword(Command[Empty], frozen=True):
    """Set a new password; every other device is signed out."""

    old_password: str
    new_password: str
    """8 to 256 characters, not the login, not a well-known one."""


class PhoneParams(Message, frozen=True):
    """Telephony of the caller; `type` is "none" until a SIP server is configured."""

    type: str


class ExtParams(Message, frozen=True):
    """Addresses of side services as `host:port`; absent when there is none."""

    http_server: str = ""
    stun_server: str = ""
    radio_server: str = ""


class UserInfo(Message, frozen=True):
    """What a client needs to know right after sign-in."""

    cid: ContactId
    login: str
    phone_params: PhoneParams
    ext_params: ExtParams
    max_file_size: int
    """Bytes."""


@command("get-user-info", access=PERSON)
class GetUserInfo(Command[UserInfo], frozen=True):
    """Facts about the caller's account and services."""


@command("add-account", access=INTERNAL)
class AddAccount(Command[Empty], frozen=True):
    """Give a contact a login (unique, case-insensitive) and a password, or replace them.

    Of an account that is there an empty login or password stays. A new one gets the services `services`. Refused with
    `bad-request` and `login-taken`, with `fields`.
    """

    cid: ContactId
    login: str
    password: Secret
    services: list[str] = field(default_factory=lambda: ["computer", "mobile"])


@command("remove-account", access=INTERNAL)
class RemoveAccount(Command[Empty], frozen=True):
    """Take the account of a contact away and sign everything out; `not-found` when it has none."""

    cid: ContactId


@command("set-account-blocked", access=INTERNAL)
class SetAccountBlocked(Command[Empty], frozen=True):
    """Let nobody sign in with an account, and sign everything out; or let them in again. The card stays active."""

    cid: ContactId
    blocked: bool


@command("check-password", access=INTERNAL)
class CheckPassword(Command[Empty], frozen=True):
    """Is this the password of the contact? `bad-login-psw` when it is not. Not for guessing: tries are not counted."""

    cid: ContactId
    password: Secret


@command("list-devices", access=INTERNAL)
class ListDevices(Command[list[DeviceView]], frozen=True):
    """The signed-in devices of a contact, the last seen first."""

    cid: ContactId


@command("end-devices", access=INTERNAL)
class EndDevices(Command[Empty], frozen=True):
    """Sign devices of a contact out: this one, those of these applications, or with neither all of them.

    `not-found` when `device` is none of the contact's.
    """

    cid: ContactId
    device: DeviceId = DeviceId("")
    kinds: list[ClientKind] = []
    reason: str = "ended by an administrator"


@command("set-account-active", access=INTERNAL)
class SetAccountActive(Command[Empty], frozen=True):
    """Deactivate or reactivate a contact; a deactivated one loses every session and token at once."""

    cid: ContactId
    active: bool


@command("issue-tokens", access=INTERNAL)
class IssueTokens(Command[Tokens], frozen=True):
    """Sign a device of a person in without a password, for single sign-on that has established who it is."""

    cid: ContactId
    client: str
    name: str = ""


@command("authenticate-token", access=INTERNAL)
class AuthenticateToken(Command[ContactId], frozen=True):
    """Whose access token this is (for HTTP requests); `not-authorized` when it is nobody's."""

    token: str


class AccountView(Message, frozen=True):
    """Who may sign in as whom."""

    cid: ContactId
    login: str
    active: bool


@command("get-account", access=INTERNAL)
class GetAccount(Command[AccountView], frozen=True):
    """The account of a contact; `not-found` when it has none."""

    cid: ContactId


class Limits(Message, frozen=True):
    """What clients may send."""

    max_file_size: int
    """Bytes."""


@command("get-limits", access=INTERNAL)
class GetLimits(Command[Limits], frozen=True):
    """The limits that clients are told before they sign in."""


@event("devices-ended")
class DevicesEnded(Event, frozen=True):
    """For every process that checks access tokens: those of these devices are dead."""

    cid: ContactId
    devices: tuple[DeviceId, ...]
    own: bool = False
    """The person signed out on the device itself; it stays a known one."""


@event("silent-sign-in")
class SilentSignIn(Event, frozen=True):
    """The session that is about to open does not want to be shown as online."""

    session: SessionId
