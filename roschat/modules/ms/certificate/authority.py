"""A conversation with an ACME authority (RFC 8555), in three steps; each blocks and is run in a thread.

order = authority.order(host)           # registers when needed; says what to answer to its challenges
…the answers are served on port 80…     # RFC 8555 section 8.3, HTTP-01
chain = authority.finish(order)
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import requests
from acme import challenges, client, crypto_util, errors, messages
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from josepy.errors import DeserializationError
from josepy.jwa import ES256
from josepy.jwk import JWKEC

from roschat.kernel.errors import Unavailable

T = TypeVar("T")

TIMEOUT = 30
"""Seconds for one request."""
AGENT = "roschat"


class AcmeFailed(Unavailable):
    """The authority is away, or does not give a certificate; the text says why."""


@dataclass(frozen=True)
class Order:
    """What an authority wants to see: `answers` by the token of each challenge."""

    answers: dict[str, str]
    order: messages.OrderResource
    challenges: tuple[messages.ChallengeBody, ...]
    key: bytes
    """The private key of the certificate to come, PEM."""


class Authority:
    """An authority as one account sees it. `account_key` is a file that is made when it is absent."""

    def __init__(self, directory: str, email: str, account_key: Path, trust: Path | None = None) -> None:
        self._directory = directory
        self._email = email
        self._key = JWKEC(key=_account_key(account_key))
        self._network = client.ClientNetwork(
            self._key,
            alg=ES256,
            user_agent=AGENT,
            timeout=TIMEOUT,
            verify_ssl=_verification(trust),
        )
        self._client: client.ClientV2 | None = None

    def order(self, host: str) -> Order:
        """Ask for a certificate of a host. Raises AcmeFailed."""
        key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return self._told(lambda: self._order(host, key))

    def finish(self, order: Order) -> bytes:
        """The chain as PEM, when the challenges are answered. Raises AcmeFailed."""
        return self._told(lambda: self._finish(order))

    def close(self) -> None:
        """Let go of connections."""
        self._network.session.close()

    def _order(self, host: str, key: bytes) -> Order:
        talk = client.ClientV2(client.ClientV2.get_directory(self._directory, self._network), self._network)
        self._client = talk
        wanted = messages.NewRegistration.from_data(email=self._email or None, terms_of_service_agreed=True)
        try:
            talk.new_account(wanted)
        except errors.ConflictError as known:
            self._network.account = messages.RegistrationResource(uri=known.location, body=messages.Registration())
            talk.query_registration(self._network.account)
        order = talk.new_order(crypto_util.make_csr(key, [host]))
        # An authority may remember that it has seen the host lately; nothing is asked then (RFC 8555 section 7.1.4).
        asked = [one for one in order.authorizations if one.body.status != messages.STATUS_VALID]
        chosen = tuple(_http_01(authorization, host) for authorization in asked)
        answers = {challenge.chall.encode("token"): challenge.validation(self._key) for challenge in chosen}
        return Order(answers, order, chosen, key)

    def _finish(self, order: Order) -> bytes:
        assert self._client is not None
        for challenge in order.challenges:
            self._client.answer_challenge(challenge, challenge.response(self._key))
        return str(self._client.poll_and_finalize(order.order).fullchain_pem).encode()

    def _told(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except messages.Error as error:
            raise AcmeFailed(f"The authority refused: {error.detail or error.typ}.") from None
        except errors.ValidationError as error:
            raise AcmeFailed(f"The authority could not reach the server: {_causes(error)}.") from None
        except errors.TimeoutError:
            raise AcmeFailed("The authority did not decide in time; it is tried again later.") from None
        except (errors.Error, DeserializationError, ValueError, KeyError, TypeError, AttributeError) as error:
            # The library trusts the shape of what it is told.
            raise AcmeFailed(f"{self._directory} is no ACME authority, or failed: {error}.") from None
        except requests.RequestException as error:
            raise AcmeFailed(f"The authority at {self._directory} does not answer: {_short(error)}.") from None


def _http_01(authorization: messages.AuthorizationResource, host: str) -> messages.ChallengeBody:
    for challenge in authorization.body.challenges:
        if isinstance(challenge.chall, challenges.HTTP01):
            found: messages.ChallengeBody = challenge
            return found
    raise AcmeFailed(f"The authority offers no HTTP-01 challenge for {host}.")


def _causes(error: errors.ValidationError) -> str:
    found = [
        str(challenge.error.detail)
        for authorization in error.failed_authzrs
        for challenge in authorization.body.challenges
        if challenge.error is not None
    ]
    return "; ".join(found) or "it did not say why"


def _short(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "its certificate is not trusted here"
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT} s"
    return "no connection" if isinstance(error, requests.ConnectionError) else type(error).__name__


def _verification(trust: Path | None) -> Any:
    # The library hands this on to requests, which takes the name of a file as well.
    return str(trust) if trust is not None else True


def _account_key(file: Path) -> ec.EllipticCurvePrivateKey:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(made)
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise AcmeFailed(f"{file.name} holds no EC key; remove it, and an account is made anew.")
    return key
