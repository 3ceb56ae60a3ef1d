"""What a login and a password must look like."""

import unicodedata

from roschat.kernel.errors import Invalid
from roschat.modules.server.accounts.api import ClientKind

LOGIN_LENGTH = 128
PASSWORD_SHORTEST = 8
PASSWORD_LONGEST = 256
"""Characters. A bound keeps the work of one try bounded; Argon2 reads every byte."""

_common = """
00000000 11111111 12121212 123123123 12341234 12344321 12345678 123456789 1234567890 123456qwerty
123qwe123qwe 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 55555555 66666666 77777777 87654321 88888888 987654321
99999999 a1234567 a123456789 aa123456 aaaaaaaa abcd1234 abcdefgh admin123 administrator asdfasdf asdfghjk
asdfghjkl baseball changeme computer football iloveyou internet letmein1 liverpool marina123 michelle
natasha1 password password1 password12 password123 passw0rd p@ssw0rd princess q1w2e3r4 q1w2e3r4t5 qazwsxedc
qqqqqqqq qwer1234 qwerty12 qwerty123 qwertyui qwertyuiop roschat1 roschat123 samsung1 sunshine superman
trustno1 welcome1 zaq12wsx zxcvbnm1 zzzzzzzz йцукенгш йцукенгшщз пароль123 парольпароль привет123 россия123
росчат123 любовь123
"""
COMMON_PASSWORDS = frozenset(_common.split())
"""Long enough, yet the first that anybody tries."""


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
