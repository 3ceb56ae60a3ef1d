"""What a login and a password must look like."""

import unicodedata

from roschat.kernel.errors import Invalid
from roschat.kernel.passwords import COMMON_PASSWORDS
from roschat.modules.server.accounts.api import ClientKind

LOGIN_LENGTH = 128
PASSWORD_SHORTEST = 8
PASSWORD_LONGEST = 256
"""Characters. A bound keeps the work of one try bounded; Argon2 reads every byte."""


def client_kind(client: str) -> ClientKind:
    """Which application calls itself so: RosChat's clients say "pc", "web", "android", "ios" and a version."""
    name = client.casefold()
    if any(word in name for word in ("android", "ios", "iphone", "ipad", "mobile")):
        return ClientKind.MOBILE
    return ClientKind.WEB if any(word in name for word in ("web", "browser", "pwa")) else ClientKind.COMPUTER


def login_key(login: str) -> str:
    """The form in which logins are compared: the same for all ways to type the same letters, in either case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", login.strip()).casefold())


def checked_login(login: str) -> str:
    """The login without surrounding blanks. Raises Invalid."""
    login = unicodedata.normalize("NFC", login.strip())
    if not login or len(login) > LOGIN_LENGTH or any(c.isspace() or not c.isprintable() for c in login):
        raise Invalid(
            f"The login {login[:LOGIN_LENGTH]!r} must have 1 to {LOGIN_LENGTH} visible characters without blanks."
        )
    return login


def check_password(password: str, login: str) -> None:
    """Raises Invalid, without repeating the password, when it is too easy for this login."""
    if len(password) < PASSWORD_SHORTEST:
        raise Invalid(f"The password has {len(password)} characters; choose one of at least {PASSWORD_SHORTEST}.")
    if len(password) > PASSWORD_LONGEST:
        raise Invalid(f"The password has {len(password)} characters; choose one of at most {PASSWORD_LONGEST}.")
    key = login_key(password)
    if key in (login_key(login), login_key(login).partition("@")[0]):
        raise Invalid("The password is the same as the login; choose another one.")
    if key in COMMON_PASSWORDS or len(set(key)) == 1:
        raise Invalid("This password is one of the first that anybody would try; choose another one.")
