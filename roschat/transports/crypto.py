"""Encryption inside the socket, which a client may ask for on top of TLS (docs/adr/0005-session-encryption.md).

`get-public-key` gives the RSA key of this installation, `set-session-key` brings an AES-256 key under it; from then on
each payload and answer is `{"encryptedData": base64}`. What the public sources leave open is decided here: AES-256 in
CBC mode, PKCS #7 padding, a fresh random IV of 16 bytes in front of the ciphertext. RSA padding may be OAEP (SHA-1 or
SHA-256) or PKCS #1 v1.5; the key inside may be 32 raw bytes, or the same as hexadecimal or base64 text.
"""

import asyncio
import base64
import binascii
import os
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from roschat.kernel.errors import Invalid

BLOCK = 16
KEY = 32


class Sealed(msgspec.Struct, rename="camel"):
    """An encrypted payload."""

    encrypted_data: str


class SessionKey(msgspec.Struct, rename="camel"):
    """The payload of set-session-key."""

    enc_session_key: str


_sealed = msgspec.json.Decoder(Sealed)
_session_key = msgspec.json.Decoder(SessionKey)


class SessionCipher:
    """The AES key of one session."""

    __slots__ = ("_algorithm",)

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.AES256(key)

    def seal(self, payload: bytes) -> bytes:
        """`{"encryptedData": …}` around a payload; null stays null."""
        if payload == b"null":
            return payload
        start = os.urandom(BLOCK)
        padder = PKCS7(BLOCK * 8).padder()
        encryptor = Cipher(self._algorithm, modes.CBC(start)).encryptor()
        data = encryptor.update(padder.update(payload) + padder.finalize()) + encryptor.finalize()
        return b'{"encryptedData":"%s"}' % base64.b64encode(start + data)

    def open(self, payload: bytes) -> bytes:
        """The payload inside; absent and null stay as they are. Raises Invalid."""
        if not payload or payload == b"null":
            return payload
        try:
            data = base64.b64decode(_sealed.decode(payload).encrypted_data, validate=True)
            decryptor = Cipher(self._algorithm, modes.CBC(data[:BLOCK])).decryptor()
            padded = decryptor.update(data[BLOCK:]) + decryptor.finalize()
            unpadder = PKCS7(BLOCK * 8).unpadder()
            return unpadder.update(padded) + unpadder.finalize()
        except (msgspec.DecodeError, binascii.Error, ValueError):
            raise Invalid(
                'The payload is not {"encryptedData": …} under the session key; this socket has encryption switched on.'
            ) from None


class InstallationKey:
    """The RSA key of this installation, made when it is first asked for and kept in a file of mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key: rsa.RSAPrivateKey | None = None
        self._making = asyncio.Lock()

    async def public_key(self) -> str:
        """The public half as PEM (SubjectPublicKeyInfo)."""
        key = await self._private()
        return (
            key.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )

    async def session_cipher(self, payload: bytes) -> SessionCipher:
        """The cipher that a set-session-key payload asks for. Raises Invalid."""
        try:
            wrapped = base64.b64decode(_session_key.decode(payload).enc_session_key, validate=True)
        except (msgspec.DecodeError, binascii.Error, ValueError):
            raise Invalid("encSessionKey must be the session key under the public key, in base64.") from None
        key = await asyncio.to_thread(_unwrap, await self._private(), wrapped)
        if key is None:
            raise Invalid(f"encSessionKey does not hold {KEY} bytes under the public key; ask get-public-key again.")
        return SessionCipher(key)

    async def _private(self) -> rsa.RSAPrivateKey:
        async with self._making:
            if self._key is None:
                self._key = await asyncio.to_thread(_load_or_make, self._path)
        return self._key


def _load_or_make(path: Path) -> rsa.RSAPrivateKey:
    try:
        pem = path.read_bytes()
    except FileNotFoundError:
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".new")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(pem)
        fresh.rename(path)
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError(f"{path} does not hold an RSA key; remove it and a new one is made.")
    return key


def _unwrap(private: rsa.RSAPrivateKey, wrapped: bytes) -> bytes | None:
    """The 32 bytes inside, or None. OAEP comes first: PKCS #1 v1.5 may answer a wrong padding with random bytes."""
    paddings: tuple[padding.AsymmetricPadding, ...] = (
        padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None),  # noqa: S303
        padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None),
        padding.PKCS1v15(),
    )
    for scheme in paddings:
        try:
            key = _as_key(private.decrypt(wrapped, scheme))
        except ValueError:
            continue
        if key is not None:
            return key
    return None


def _as_key(data: bytes) -> bytes | None:
    if len(data) == KEY:
        return data
    try:
        key = bytes.fromhex(data.decode("ascii")) if len(data) == 2 * KEY else base64.b64decode(data, validate=True)
    except ValueError:
        return None
    return key if len(key) == KEY else None
