"""Encryption inside the socket."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from roschat.kernel.errors import Invalid
from roschat.transports.crypto import InstallationKey, SessionCipher
from roschat.transports.tests.echo import TestEvent
from roschat.transports.tests.served import Served
from roschat.types import ContactId
from roschat.wire.delivery import deliver
from tests.harness.client import Client

PADDINGS: dict[str, Any] = {
    "pkcs1": padding.PKCS1v15(),
    "oaep-sha1": padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None),
    "oaep-sha256": padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None),
}
FORMS = {"raw": bytes, "hex": lambda key: key.hex().encode(), "base64": base64.b64encode}


def wrapped(pem: str, content: bytes, scheme: str = "pkcs1") -> dict[str, str]:
    public = serialization.load_pem_public_key(pem.encode())
    assert isinstance(public, rsa.RSAPublicKey)
    return {"encSessionKey": base64.b64encode(public.encrypt(content, PADDINGS[scheme])).decode()}


@pytest.mark.parametrize("scheme", PADDINGS)
@pytest.mark.parametrize("form", FORMS)
async def test_any_usual_wrapping_is_understood(key_folder: Path, scheme: str, form: str) -> None:
    key = InstallationKey(key_folder / "session-key.pem")
    secret = os.urandom(32)
    cipher = await key.session_cipher(json.dumps(wrapped(await key.public_key(), FORMS[form](secret), scheme)).encode())
    assert SessionCipher(secret).open(cipher.seal(b'{"a":1}')) == b'{"a":1}'


async def test_the_key_is_kept_and_private(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "session-key.pem"
    first = await InstallationKey(file).public_key()
    assert await InstallationKey(file).public_key() == first
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "payload",
    [b"{}", b"null", b'{"encSessionKey":"?"}', b'{"encSessionKey":"AAAA"}', b'{"encSessionKey":1}', b"{"],
)
async def test_a_bad_session_key_is_refused(key_folder: Path, payload: bytes) -> None:
    with pytest.raises(Invalid):
        await InstallationKey(key_folder / "session-key.pem").session_cipher(payload)


@pytest.mark.parametrize(
    "payload", [b"{}", b'{"encryptedData":"?"}', b'{"encryptedData":""}', b'{"encryptedData":"AAAA"}']
)
def test_a_payload_that_is_not_sealed_is_refused(payload: bytes) -> None:
    with pytest.raises(Invalid):
        SessionCipher(os.urandom(32)).open(payload)


def test_null_stays_null() -> None:
    cipher = SessionCipher(os.urandom(32))
    assert (cipher.open(b""), cipher.open(b"null"), cipher.seal(b"null")) == (b"", b"null", b"null")


@pytest.mark.parametrize("eio", [3, 4])
@pytest.mark.usefixtures("no_errors")
async def test_a_session_goes_over_to_encryption(server: Served, eio: int) -> None:
    secret = os.urandom(32)
    cipher = SessionCipher(secret)

    def sealed(value: Any) -> Any:
        return json.loads(cipher.seal(json.dumps(value).encode()))

    def opened(value: Any) -> Any:
        return json.loads(cipher.open(json.dumps(value).encode()))

    async with Client(server.url("websocket"), eio) as client:
        pem = (await client.call("get-public-key"))["publicKey"]
        assert (await client.call("set-session-key", {"encSessionKey": "AAAA"}))["error"] == "bad-request"
        assert await client.call("set-session-key", wrapped(pem, secret)) == {}
        assert opened(await client.call("test-login", sealed({"cid": 7}))) == {}
        assert opened(await client.call("test-person", None))["number"] == 7
        assert opened(await client.call("test-echo", sealed({"text": "тайна"})))["text"] == "тайна"
        assert opened(await client.call("test-echo", {"text": "plain"}))["error"] == "bad-request"
        server.bus.publish(deliver(TestEvent("событие"), [ContactId(7)]))
        assert opened(await client.next("test-event")) == {"text": "событие"}
