"""Licence files and activation keys: what is in them, how they are signed and how they are read. No input or output.

    -----BEGIN ROSCHAT LICENCE-----
    Customer: Ромашка
    Number: 2026-17

    eyJjb21wdXRlcnMiOjIwMC…            base64 of the payload
    -----SIGNATURE 8f3a12bc-----        first 8 hexadecimal digits of the SHA-256 of the public key
    base64 of the Ed25519 signature (RFC 8032) over DOMAIN and the bytes of the payload
    -----END ROSCHAT LICENCE-----

The payload is canonical JSON (sorted keys, no spaces, UTF-8); the lines before the empty one are for people and count
for nothing. A key is written as `ed25519:` and base64 of its 32 bytes, the private one as `ed25519-private:`.
"""

import base64
import hashlib
import json
import re
import textwrap
from collections.abc import Iterable
from datetime import date

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

DOMAIN = b"roschat licence 1\n"
"""Signed before the payload, so that a signature is good for nothing else."""
LONGEST = 65_536
"""Characters of a licence file."""
PUBLIC, PRIVATE = "ed25519:", "ed25519-private:"

_BEGIN, _END = "-----BEGIN ROSCHAT LICENCE-----", "-----END ROSCHAT LICENCE-----"
_ASK_BEGIN, _ASK_END = "-----BEGIN ROSCHAT ACTIVATION KEY-----", "-----END ROSCHAT ACTIVATION KEY-----"
_SIGNATURE = re.compile(r"-----SIGNATURE ([0-9a-f]{8})-----")
_INSTALLATION = re.compile(r"[A-Z2-7]{5}(-[A-Z2-7]{5}){3}")


class LicenceRefused(ValueError):
    """A text is no licence, or none that counts; the message is one sentence with the cause."""


class Licence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a customer may use. Dates are ISO dates; limits count what may exist at once."""

    number: str
    customer: str
    issued: str
    until: str = ""
    """The last day; empty: without end («бессрочно»)."""
    installation: str = ""
    """Of the activation key it was issued for; empty: it is not bound to one."""
    login: str = ""
    """Of the licence server it belongs to: an online licence."""
    people: int
    """«Унифицированных коммуникаций»: people with an account."""
    computers: int = 0
    """«Компьютерных клиентов»"""
    sip_phones: int = 0
    """«SIP-телефонов»"""
    e1_boards: list[str] = []
    """«Серийный номер платы E1»"""
    sip_lines: int = 0
    """«Количество SIP-линий»"""
    sip_conversations: int = 0
    """«Количество SIP-разговоров»"""
    dispatchers: int = 0
    """«Количество диспетчеров»"""
    sorm: bool = False
    alert: bool = False
    voice_menu: bool = False
    fax: bool = False
    push: bool = False
    geolocation: bool = False


LIMITS = ("people", "computers", "sip_phones", "sip_lines", "sip_conversations", "dispatchers")
FLAGS = ("sorm", "alert", "voice_menu", "fax", "push", "geolocation")

COMMUNITY = Licence(
    number="community",
    customer="",
    issued="2026-01-01",
    people=50,
    computers=50,
    sip_phones=50,
    sip_lines=50,
    sip_conversations=50,
    dispatchers=50,
    sorm=True,
    alert=True,
    voice_menu=True,
    fax=True,
    push=True,
    geolocation=True,
)
"""What every installation has without a licence: everything, for fifty people, without end."""


class Activation(Struct, frozen=True):
    """An activation key: which installation asks, and what it is like."""

    installation: str
    program: str
    day: str
    people: int = 0
    """That use it now."""


def new_key() -> str:
    """A fresh private key."""
    return PRIVATE + base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def public_key(private: str) -> str:
    """The public key of a private one. Raises LicenceRefused."""
    return PUBLIC + base64.b64encode(_private(private).public_key().public_bytes_raw()).decode()


def fingerprint(public: str) -> str:
    """By which a licence names the key that signed it. Raises LicenceRefused."""
    return hashlib.sha256(_raw(public, PUBLIC)).hexdigest()[:8]


def read_keys(text: str) -> list[str]:
    """The public keys of a file: one on a line, `#` begins a remark. Raises LicenceRefused."""
    keys = [line.partition("#")[0].strip() for line in text.splitlines()]
    for key in filter(None, keys):
        fingerprint(key)
    return [key for key in keys if key]


def check(licence: Licence) -> None:
    """Raises LicenceRefused for values that no licence has."""
    for name in LIMITS:
        if not 0 <= getattr(licence, name) <= 10_000_000:
            raise LicenceRefused(f"{name} is {getattr(licence, name)}; a limit is between 0 and 10000000.")
    for name, day in (("issued", licence.issued), ("until", licence.until or licence.issued)):
        try:
            date.fromisoformat(day)
        except ValueError:
            raise LicenceRefused(f"{name} is {day!r}; a day is written like 2026-12-31.") from None
    if not licence.number or len(licence.number) > 100 or len(licence.customer) > 300:
        raise LicenceRefused("A licence has a number of 1 to 100 characters, and a customer of at most 300.")
    if licence.installation and not _INSTALLATION.fullmatch(licence.installation):
        raise LicenceRefused(f"{licence.installation!r} is no number of an installation.")


def sign(licence: Licence, private: str) -> str:
    """The licence file. Raises LicenceRefused."""
    check(licence)
    key = _private(private)
    payload = canonical(licence)
    signature = key.sign(DOMAIN + payload)
    # What people read must not look like the lines that programs read.
    told = {"Customer": licence.customer, "Number": licence.number, "Until": licence.until or "without end"}
    lines = [f"{name}: {' '.join(value.split())}" for name, value in told.items()]
    return "\n".join(
        [
            _BEGIN,
            *lines,
            "",
            *textwrap.wrap(base64.b64encode(payload).decode(), 76),
            f"-----SIGNATURE {fingerprint(public_key(private))}-----",
            *textwrap.wrap(base64.b64encode(signature).decode(), 76),
            _END,
            "",
        ]
    )


def read(text: str, trusted: Iterable[str]) -> Licence:
    """The licence in a file that one of the `trusted` public keys has signed. Raises LicenceRefused."""
    payload, signature, signer = _parts(text)
    for key in trusted:
        if fingerprint(key) != signer:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(_raw(key, PUBLIC)).verify(signature, DOMAIN + payload)
        except InvalidSignature:
            raise LicenceRefused("The licence was changed after it had been signed; ask for the file again.") from None
        return _licence(payload)
    raise LicenceRefused(
        f"The licence is signed with the key {signer}, which this server does not trust: it is for another program, or "
        "the key has to be added to the trusted ones."
    )


def inspect(text: str) -> tuple[Licence, str]:
    """What a file says, signed or not, and the fingerprint of the key it names. Raises LicenceRefused."""
    payload, _, signer = _parts(text)
    return _licence(payload), signer


def canonical(value: Struct) -> bytes:
    """The one way to write it."""
    return json.dumps(msgspec.to_builtins(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def installation_number(secret: bytes) -> str:
    """The number of an installation, made from a secret that it keeps: four groups of five letters and digits."""
    number = base64.b32encode(hashlib.sha256(b"roschat installation\n" + secret).digest()).decode()[:20]
    return "-".join(number[place : place + 5] for place in range(0, 20, 5))


def activation_key(asking: Activation) -> str:
    """The text that is sent to the vendor."""
    payload = canonical(asking)
    check_sum = hashlib.sha256(payload).digest()[:6]
    encoded = base64.b64encode(check_sum + payload).decode()
    head = [f"Installation: {asking.installation}", ""]
    return "\n".join([_ASK_BEGIN, *head, *textwrap.wrap(encoded, 76), _ASK_END, ""])


def read_activation(text: str) -> Activation:
    """What an activation key says, or the bare number of an installation. Raises LicenceRefused."""
    bare = text.strip().upper()
    if _INSTALLATION.fullmatch(bare):
        return Activation(bare, "", "")
    raw = _base64(_between(text, _ASK_BEGIN, _ASK_END, "an activation key"), "activation key")
    check_sum, payload = raw[:6], raw[6:]
    if hashlib.sha256(payload).digest()[:6] != check_sum:
        raise LicenceRefused("The activation key was damaged on its way; ask for it again.")
    try:
        asking = msgspec.json.decode(payload, type=Activation)
    except msgspec.MsgspecError as error:
        raise LicenceRefused(f"The activation key cannot be read: {error}.") from None
    if not _INSTALLATION.fullmatch(asking.installation):
        raise LicenceRefused(f"{asking.installation!r} is no number of an installation.")
    return asking


def _parts(text: str) -> tuple[bytes, bytes, str]:
    """Payload, signature, fingerprint of the signer."""
    lines = _between(text, _BEGIN, _END, "a licence")
    for place, line in enumerate(lines):
        if found := _SIGNATURE.fullmatch(line):
            return _base64(lines[:place], "licence"), _base64(lines[place + 1 :], "signature"), found[1]
    raise LicenceRefused("The licence has no signature; ask for the file again.")


def _between(text: str, begin: str, end: str, what: str) -> list[str]:
    """The lines of an armoured text behind its head."""
    if len(text) > LONGEST:
        raise LicenceRefused(f"The text has {len(text)} characters; {what} has at most {LONGEST}.")
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()]
    try:
        inner = lines[lines.index(begin) + 1 : lines.index(end)]
        return inner[inner.index("") + 1 :]
    except ValueError:
        raise LicenceRefused(f"This is not {what}: its first or last line is missing.") from None


def _licence(payload: bytes) -> Licence:
    try:
        licence = msgspec.json.decode(payload, type=Licence)
    except msgspec.MsgspecError as error:
        raise LicenceRefused(
            f"The licence cannot be read ({error}): it may be made for a newer program, update this one."
        ) from None
    check(licence)
    return licence


def _base64(lines: Iterable[str], what: str) -> bytes:
    try:
        return base64.b64decode("".join(lines), validate=True)
    except ValueError:
        raise LicenceRefused(f"The {what} was damaged on its way: it is not base64.") from None


def _private(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_raw(text, PRIVATE))


def _raw(text: str, beginning: str) -> bytes:
    if not text.startswith(beginning):
        raise LicenceRefused(f"A key like this begins with {beginning!r}.")
    raw = _base64([text.removeprefix(beginning).strip()], "key")
    if len(raw) != 32:
        raise LicenceRefused(f"The key has {len(raw)} bytes; an Ed25519 key has 32.")
    return raw
