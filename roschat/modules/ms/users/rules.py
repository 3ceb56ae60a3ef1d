"""What logins, passwords, names and codes of console users must look like, and which addresses are near."""

import hashlib
import ipaddress
import re
import secrets
import unicodedata

from roschat.kernel.formats import reason
from roschat.kernel.passwords import COMMON_PASSWORDS

LOGIN_LONGEST = 64
NAME_LONGEST = 100
PASSWORD_SHORTEST = 10
PASSWORD_LONGEST = 256
FEWEST_DIFFERENT = 5
"""Different characters that a password needs."""
RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of recovery codes: nothing that looks like something else."""

_login = re.compile(r"[A-Za-z0-9._@-]+", re.ASCII)
_NEAR = [
    ipaddress.ip_network(text)
    for text in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7",
        "fe80::/10",
    )
]  # fmt: skip
"""Loopback, private networks (RFC 1918, RFC 4193) and links (RFC 3927, RFC 4291)."""


def login_key(login: str) -> str:
    """The form in which logins are compared."""
    return login.strip().casefold()


def login_reason(login: str) -> str:
    """Why this cannot be a login; empty when it can. Latin letters, digits and . _ - @."""
    if not login:
        return "empty"
    if len(login) > LOGIN_LONGEST:
        return "too-long"
    return "" if _login.fullmatch(login) else "bad-value"


def name_reason(name: str, *, needed: bool = False) -> str:
    """Why this cannot be a surname, name or patronymic: letters of any alphabet, blanks, hyphens, apostrophes, dots."""
    if not name:
        return "empty" if needed else ""
    if len(name) > NAME_LONGEST:
        return "too-long"
    letters = name[0].isalnum() and all(c.isalnum() or c in " -'’." or unicodedata.category(c) == "Mn" for c in name)
    return "" if letters else "bad-value"


def password_reason(password: str, login: str) -> str:
    """Why this password is too easy for this login; empty when it is not."""
    if not password:
        return "empty"
    if len(password) < PASSWORD_SHORTEST:
        return "too-short"
    if len(password) > PASSWORD_LONGEST:
        return "too-long"
    key, name = password.casefold(), login_key(login)
    easy = (
        key in (name, name[::-1], name.partition("@")[0])
        or key in COMMON_PASSWORDS
        or key.rstrip("0123456789!.?") in COMMON_PASSWORDS
        or len(set(key)) < FEWEST_DIFFERENT
        or key in "01234567890123456789"
        or key[::-1] in "01234567890123456789"
    )
    return "too-easy" if easy else ""


def email_reason(email: str, *, needed: bool = False) -> str:
    """Why this is no e-mail address."""
    return "too-long" if len(email) > 254 else reason("email", email, needed=needed)


def is_near(address: str) -> bool:
    """Whether an address is of this machine or of a private network."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed.version == network.version and parsed in network for network in _NEAR)


def token_hash(token: str) -> bytes:
    """SHA-256 of a cookie or key; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def code_hash(number: int, code: str) -> str:
    """SHA-256 of a code of a user, hexadecimal; the hyphens and blanks of its writing do not count."""
    return hashlib.sha256(f"{number}:{bare(code)}".encode()).hexdigest()


def bare(code: str) -> str:
    """A code as it is compared."""
    return "".join(c for c in code.casefold() if c.isalnum())


def recovery_codes() -> list[str]:
    """New recovery codes; about 50 bits each."""
    return [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]


def mailed_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(1_000_000):06d}"
