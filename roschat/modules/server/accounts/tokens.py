"""Access and refresh tokens.

An access token is a JWT (RFC 7519, HS256) that says which contact on which device; it is checked without the database.
A refresh token is random: one part stays the same for the life of a sign-in and finds its device, the rest is good
for one use. So a token from the past, however old, is recognised as such: somebody has a copy.
"""

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from roschat.kernel.clock import Clock
from roschat.kernel.errors import RoschatError
from roschat.types import ContactId, DeviceId

ISSUER = "roschat"
LONGEST = 1024
"""Characters of a token that is looked at; ours have about 200."""

FAMILY_BYTES = 16
SECRET_BYTES = 32


class BadToken(RoschatError):
    """The token is forged, expired, revoked or used up."""

    code = "bad-token"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom an access token speaks for."""

    cid: ContactId
    device: DeviceId


class AccessTokens:
    """Signs and reads access tokens with one key."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key = OctKey.import_key(key)
        self._clock = clock

    def sign(self, bearer: Bearer, life: int) -> str:
        """A token that is good for `life` seconds."""
        now = int(self._clock.now())
        claims = {"iss": ISSUER, "sub": str(bearer.cid), "did": bearer.device, "iat": now, "exp": now + life}
        return jwt.encode({"alg": "HS256"}, claims, self._key)

    def read(self, token: str) -> Bearer:
        """Whom the token speaks for, if it is ours and not expired. Raises BadToken. Whether it is revoked is not
        known here."""
        if not token or len(token) > LONGEST:
            raise BadToken("This is not an access token of this server; sign in.")
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
        except (JoseError, ValueError):
            raise BadToken("This is not an access token of this server; sign in.") from None
        if claims.get("iss") != ISSUER:
            raise BadToken("This is not an access token of this server; sign in.")
        if claims["exp"] <= self._clock.now():
            raise BadToken("The access token has expired; get a new one with refresh-token.")
        return Bearer(ContactId(int(claims["sub"])), DeviceId(claims["did"]))


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token and what is stored of it: two SHA-256 sums. 256 random bits need no slow hash."""

    token: str
    family: bytes
    whole: bytes


def first_refresh() -> Refresh:
    """The first refresh token of a sign-in."""
    return _with_family(secrets.token_bytes(FAMILY_BYTES))


def next_refresh(refresh: Refresh) -> Refresh:
    """The one that replaces it."""
    return _with_family(_raw(refresh.token)[:FAMILY_BYTES])


def read_refresh(token: str) -> Refresh:
    """A refresh token as it came. Raises BadToken when it cannot be one."""
    return _sums(token, _raw(token))


def _with_family(family: bytes) -> Refresh:
    raw = family + secrets.token_bytes(SECRET_BYTES)
    return _sums(urlsafe_b64encode(raw).decode(), raw)


def _sums(token: str, raw: bytes) -> Refresh:
    return Refresh(token, hashlib.sha256(raw[:FAMILY_BYTES]).digest(), hashlib.sha256(raw).digest())


def _raw(token: str) -> bytes:
    try:
        raw = urlsafe_b64decode(token.encode("ascii")) if len(token) <= LONGEST else b""
    except ValueError:
        raw = b""
    if len(raw) != FAMILY_BYTES + SECRET_BYTES:
        raise BadToken("This is not a refresh token of this server; sign in.")
    return raw
