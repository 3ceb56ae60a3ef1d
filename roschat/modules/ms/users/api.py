"""Who may use the console: its users, their sessions and second factors, keys for programs, and the sign-in.

Console users have nothing to do with people of the directory. `mustChangePassword` shuts every way but those under
/session until the password was changed.
"""

from enum import StrEnum

from roschat.types import Role, Seconds
from roschat.wire.declare import CONSOLE, INTERNAL, SECURITY, command
from roschat.wire.message import Command, Empty, Grant, Message, Secret
from roschat.wire.rest import rest


class ConsoleRole(StrEnum):
    """What a console user is, in the order of the form."""

    SECURITY = "security"
    ADMIN = "admin"
    OPERATOR = "operator"


class Factor(StrEnum):
    """What is asked beside the password: nothing, a code of an authenticator application, or a code by mail."""

    NONE = "none"
    TOTP = "totp"
    MAIL = "mail"


class SessionView(Message, frozen=True, omit_defaults=False):
    """Who is signed in. `id` is that of the user; `expires` is when the session ends."""

    id: int
    login: str
    name: str
    """Surname, name and patronymic, those that there are; else the login."""
    role: ConsoleRole
    must_change_password: bool
    factor: Factor
    expires: Seconds


@rest("POST", "/session", tag="session")
@command("sign-in-to-console", access=INTERNAL)
class SignInToConsole(Command[Grant[SessionView]], frozen=True):
    """Sign in; the answer sets the cookie of the session.

    Errors: `bad-login-psw`; `too-many-requests` after wrong tries; `second-factor` with `fields.factor` (totp, mail)
    and `fields.code`: `needed` (by mail: it is on its way) or `bad-value`; `access-denied` for the first password from
    outside of private networks. `code` may also be a recovery code. `remember` keeps the session for weeks.
    """

    login: str
    password: Secret
    code: Secret = ""
    remember: bool = False


@rest("GET", "/session", tag="session")
@command("get-console-session", access=CONSOLE)
class GetConsoleSession(Command[SessionView], frozen=True):
    """Who is signed in."""


@rest("DELETE", "/session", tag="session")
@command("sign-out-of-console", access=CONSOLE)
class SignOutOfConsole(Command[Empty], frozen=True):
    """End this session."""


@rest("PUT", "/session/password", tag="session")
@command("change-console-password", access=CONSOLE)
class ChangeConsolePassword(Command[SessionView], frozen=True):
    """Change one's own password; the other sessions of the user end.

    Errors: `bad-login-psw` for a wrong old password; `bad-request` with `fields.newPassword`.
    """

    old_password: Secret
    new_password: Secret


class ConsoleCaller(Message, frozen=True):
    """Who is behind a request. A key has no `id` and no `session`."""

    role: Role
    id: int = 0
    login: str = ""
    session: int = 0
    must_change_password: bool = False


@command("authenticate-console", access=INTERNAL)
class AuthenticateConsole(Command[ConsoleCaller], frozen=True):
    """Who sends a request with this cookie (its value) or this Authorization header.

    `not-authorized` without either; `password-must-change` unless `changing_password`; `access-denied` when the role is
    not in `access` (empty: any), or when a key has not the scope `tag` or only reads and the request `changes`.
    """

    cookie: Secret = ""
    authorization: Secret = ""
    address: str = ""
    access: list[Role] = []
    tag: str = ""
    changes: bool = False
    changing_password: bool = False


class ConsoleUser(Message, frozen=True, omit_defaults=False):
    """A user as the security administrator sees it."""

    id: int
    login: str
    surname: str
    name: str
    patronymic: str
    email: str
    role: ConsoleRole
    active: bool
    must_change_password: bool
    factor: Factor
    created: Seconds
    seen: Seconds = Seconds(0)
    """When a session of the user was last used; 0: none is open."""
    sessions: int = 0
    """Open sessions."""


@rest("GET", "/users", tag="users")
@command("list-console-users", access=SECURITY)
class ListConsoleUsers(Command[list[ConsoleUser]], frozen=True):
    """All users of the console, by login."""


class ConsoleUserId(Message, frozen=True):
    """The number of a new user."""

    id: int


@rest("POST", "/users", tag="users")
@command("add-console-user", access=SECURITY)
class AddConsoleUser(Command[ConsoleUserId], frozen=True):
    """Add a user; `bad-request` with `fields` for values that break a rule.

    The login has Latin letters, digits and . _ - @, no other user has it, and it stays as it is. The password has 10
    characters or more, is not the login and not well known.
    """

    login: str
    password: Secret
    role: ConsoleRole
    surname: str
    name: str = ""
    patronymic: str = ""
    email: str = ""
    must_change_password: bool = False


@rest("PUT", "/users/{id}", tag="users")
@command("change-console-user", access=SECURITY)
class ChangeConsoleUser(Command[Empty], frozen=True):
    """Change a user; an empty password stays as it was.

    Sessions end with another password, another role and with deactivation. The last active security administrator
    cannot be given another role or be deactivated: `access-denied`.
    """

    id: int
    role: ConsoleRole
    surname: str
    name: str = ""
    patronymic: str = ""
    email: str = ""
    active: bool = True
    password: Secret = ""
    must_change_password: bool = False


@rest("DELETE", "/users/{id}", tag="users")
@command("delete-console-user", access=SECURITY)
class DeleteConsoleUser(Command[Empty], frozen=True):
    """Delete a user and end its sessions; `access-denied` for the last active security administrator."""

    id: int


@rest("DELETE", "/users/{id}/factor", tag="users")
@command("reset-second-factor", access=SECURITY)
class ResetSecondFactor(Command[Empty], frozen=True):
    """Let a user sign in with the password alone, for instance after the loss of a telephone."""

    id: int


@command("reset-console-password", access=INTERNAL)
class ResetConsolePassword(Command[Empty], frozen=True):
    """Let an administrator in who locked himself out: a new password, no second factor, active, no waiting."""

    login: str
    password: Secret
    must_change_password: bool = False


class ConsoleSession(Message, frozen=True, omit_defaults=False):
    """A browser that is signed in."""

    id: int
    address: str
    client: str
    """What the browser calls itself (User-Agent)."""
    created: Seconds
    seen: Seconds
    expires: Seconds
    remember: bool
    current: bool
    """Whether it is the one that asks."""


@rest("GET", "/users/{id}/sessions", tag="users")
@command("list-console-sessions", access=SECURITY)
class ListConsoleSessions(Command[list[ConsoleSession]], frozen=True):
    """Open sessions of a user, the last used first."""

    id: int


@rest("DELETE", "/users/{id}/sessions", tag="users")
@command("end-console-sessions", access=SECURITY)
class EndConsoleSessions(Command[Empty], frozen=True):
    """End a session of a user, or all (0)."""

    id: int
    session: int = 0


class ConsoleAccount(Message, frozen=True, omit_defaults=False):
    """One's own account."""

    id: int
    login: str
    surname: str
    name: str
    patronymic: str
    email: str
    role: ConsoleRole
    factor: Factor
    recovery_codes: int
    """How many are left."""
    mail: bool
    """Whether codes can be sent by mail: a mail server is configured."""


@rest("GET", "/account", tag="account")
@command("get-console-account", access=CONSOLE)
class GetConsoleAccount(Command[ConsoleAccount], frozen=True):
    """One's own account."""


@rest("GET", "/account/sessions", tag="account")
@command("list-own-sessions", access=CONSOLE)
class ListOwnSessions(Command[list[ConsoleSession]], frozen=True):
    """One's own sessions, the last used first."""


@rest("DELETE", "/account/sessions", tag="account")
@command("end-own-sessions", access=CONSOLE)
class EndOwnSessions(Command[Empty], frozen=True):
    """End one of one's own sessions, or all but this (0)."""

    session: int = 0


class TotpOffer(Message, frozen=True):
    """What an authenticator application needs; it counts when a code was confirmed."""

    secret: str
    """Base32, for typing in."""
    uri: str
    """otpauth://…"""
    qr: str
    """The same as a picture (SVG)."""


@rest("POST", "/account/totp", tag="account")
@command("offer-totp", access=CONSOLE)
class OfferTotp(Command[TotpOffer], frozen=True):
    """Begin with codes of an authenticator application. `bad-login-psw` for a wrong password."""

    password: Secret


class RecoveryCodes(Message, frozen=True):
    """Each may be used once instead of a code. They are shown once."""

    codes: list[str]


@rest("POST", "/account/totp/confirm", tag="account")
@command("confirm-totp", access=CONSOLE)
class ConfirmTotp(Command[RecoveryCodes], frozen=True):
    """Switch codes of the application on; `fields.code` when the code is not the one of now."""

    code: Secret


@rest("POST", "/account/mail-code", tag="account")
@command("offer-mail-code", access=CONSOLE)
class OfferMailCode(Command[Empty], frozen=True):
    """Begin with codes by mail: one is sent to `email`. Errors: `bad-login-psw`, `mail-off`, `fields.email`."""

    password: Secret
    email: str


@rest("POST", "/account/mail-code/confirm", tag="account")
@command("confirm-mail-code", access=CONSOLE)
class ConfirmMailCode(Command[RecoveryCodes], frozen=True):
    """Switch codes by mail on; `fields.code` when it is not the one that was sent."""

    code: Secret


@rest("POST", "/account/recovery-codes", tag="account")
@command("renew-recovery-codes", access=CONSOLE)
class RenewRecoveryCodes(Command[RecoveryCodes], frozen=True):
    """New recovery codes; the former ones count no more. `bad-login-psw` for a wrong password."""

    password: Secret


@rest("POST", "/account/factor/off", tag="account")
@command("drop-second-factor", access=CONSOLE)
class DropSecondFactor(Command[Empty], frozen=True):
    """Sign in with the password alone from now on. `bad-login-psw` for a wrong password."""

    password: Secret


class ApiKey(Message, frozen=True, omit_defaults=False):
    """A key for a program. The key itself is shown once, when it is made."""

    id: int
    name: str
    role: ConsoleRole
    scopes: list[str]
    """Tags of the ways that it opens; empty: all of its role."""
    read_only: bool
    start: str
    """The first characters, to recognise it by."""
    created: Seconds
    created_by: str
    expires: Seconds
    """0: never."""
    seen: Seconds
    """When it was last used; 0: never."""


@rest("GET", "/keys", tag="keys")
@command("list-api-keys", access=SECURITY)
class ListApiKeys(Command[list[ApiKey]], frozen=True):
    """All keys, the newest first."""


class NewApiKey(Message, frozen=True):
    """A key, in full only here: `Authorization: Bearer rk_…`."""

    id: int
    key: str


@rest("POST", "/keys", tag="keys")
@command("add-api-key", access=SECURITY)
class AddApiKey(Command[NewApiKey], frozen=True):
    """Make a key. `scopes` are tags of ways; `expires` is a Unix time, 0 for never."""

    name: str
    role: ConsoleRole
    scopes: list[str] = []
    read_only: bool = True
    expires: Seconds = Seconds(0)


@rest("DELETE", "/keys/{id}", tag="keys")
@command("delete-api-key", access=SECURITY)
class DeleteApiKey(Command[Empty], frozen=True):
    """The key opens nothing from now on."""

    id: int


class Scope(Message, frozen=True, omit_defaults=False):
    """A tag of ways, with the roles that reach any of them."""

    name: str
    roles: list[ConsoleRole]


@rest("GET", "/keys/scopes", tag="keys")
@command("list-scopes", access=SECURITY)
class ListScopes(Command[list[Scope]], frozen=True):
    """What a key can be limited to."""
