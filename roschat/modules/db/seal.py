"""Encryption of an archive under a passphrase, as a stream.

    ROSCHAT-SEALED-1 | salt (16) | chunk* | last chunk

The key is scrypt(passphrase, salt). Every chunk is AES-256-GCM over CHUNK bytes; its nonce is a counter with a byte
that says whether it is the last one, so chunks cannot be left out, repeated, moved or cut off at the end without being
noticed (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár). The head is authenticated with each.
"""

import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from roschat.kernel.errors import Invalid, RoschatError

MAGIC = b"ROSCHAT-SEALED-1"
SALT = 16
TAG = 16
CHUNK = 1_048_576
SCRYPT = {"n": 2**15, "r": 8, "p": 1}
"""32 MB of memory and about a tenth of a second for each guess."""
SHORTEST = 8


class Damaged(RoschatError):
    """An archive that is not as it was written; the text says what is wrong and where."""

    code = "backup-damaged"


class WrongPassphrase(RoschatError):
    """The archive is encrypted, and not under this passphrase."""

    code = "bad-passphrase"


def check_passphrase(passphrase: str) -> None:
    """Raises Invalid for one that is guessed too easily."""
    if len(passphrase) < SHORTEST:
        raise Invalid(
            f"The passphrase has {len(passphrase)} characters; it needs {SHORTEST} or more.",
            fields={"passphrase": "too-short"},
        )


class Sealer:
    """A file to write into; what arrives at `target` is encrypted. `close` writes the last chunk."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        self._target = target
        self._head = MAGIC + os.urandom(SALT)
        self._key = AESGCM(_key(passphrase, self._head[len(MAGIC) :]))
        self._number = 0
        self._waiting = bytearray()
        target.write(self._head)

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Take a piece of any size."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """A chunk goes out when it is full."""

    def close(self) -> None:
        """Write what is left as the last chunk."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._target.write(self._key.encrypt(_nonce(self._number, last=last), chunk, self._head))
        self._number += 1


class Opener:
    """A file to read from: the content of a sealed `source`, which stands at its beginning."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source = source
        self._head = source.read(len(MAGIC) + SALT)
        if len(self._head) < len(MAGIC) + SALT:
            raise Damaged("The archive ends in its head: it was cut off.")
        self._key = AESGCM(_key(passphrase, self._head[len(MAGIC) :]))
        self._number = 0
        self._ready = b""
        self._next = source.read(CHUNK + TAG)
        self._over = False

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes. Raises WrongPassphrase, Damaged."""
        while not self._ready and not self._over:
            self._open_next()
        if size < 0:
            size = len(self._ready)
        piece, self._ready = self._ready[:size], self._ready[size:]
        return piece

    def _open_next(self) -> None:
        chunk, self._next = self._next, self._source.read(CHUNK + TAG)
        self._over = not self._next
        try:
            self._ready = self._key.decrypt(_nonce(self._number, last=self._over), chunk, self._head)
        except InvalidTag:
            if self._number == 0 and not self._over:
                raise WrongPassphrase(
                    "The archive cannot be opened with this passphrase; give the one it was made with."
                ) from None
            if self._number == 0:
                raise WrongPassphrase(
                    "The archive cannot be opened: the passphrase is another one, or the archive is cut off."
                ) from None
            raise Damaged(
                f"The encrypted archive is damaged or cut off after {self._number * CHUNK} bytes; take another copy."
            ) from None
        self._number += 1


def is_sealed(beginning: bytes) -> bool:
    """Whether a file that begins so is encrypted by us."""
    return beginning.startswith(MAGIC)


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=SCRYPT["n"], r=SCRYPT["r"], p=SCRYPT["p"]).derive(passphrase.encode())


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
