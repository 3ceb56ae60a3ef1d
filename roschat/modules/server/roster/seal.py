"""Passwords between their making and their download: random ones, and the seal under which they are kept.

Sealed with AES-GCM under a key of the installation that never leaves its data folder, bound to their row: a copy of the
database alone opens none.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from roschat.kernel.errors import Invalid

_NONCE = 12
_SMALL = "abcdefghjkmnpqrstuvwxyz"
_CAPITAL = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"
ALPHABET = _SMALL + _CAPITAL + _DIGITS
"""Without letters that are taken for others when read from paper: i l o I O 0 1."""


def random_password(length: int) -> str:
    """Letters of both cases and digits, at least one of each; 12 characters are 68 bits."""
    while True:
        password = "".join(secrets.choice(ALPHABET) for _ in range(length))
        if all(any(letter in kind for letter in password) for kind in (_SMALL, _CAPITAL, _DIGITS)):
            return password


class Seal:
    """Seals and opens passwords."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, password: str, plan: int, position: int = 0) -> bytes:
        """The password of a row, sealed; position 0 is the one of the whole plan."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, password.encode(), _place(plan, position))

    def open(self, sealed: bytes, plan: int, position: int = 0) -> str:
        """The password. Raises Invalid when it was sealed elsewhere or under another key."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _place(plan, position)).decode()
        except InvalidTag:
            raise Invalid(
                f"The password of row {position} of plan {plan} cannot be opened: the installation has another key now."
            ) from None


def _place(plan: int, position: int) -> bytes:
    return f"{plan}:{position}".encode()
