"""The postman at a real mail server, and at things that are none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from roschat.modules.ms.mail.letter import written
from roschat.modules.ms.mail.postman import LetterRefused, ServerTrouble, visit
from roschat.modules.ms.mail.settings import Settings
from tests.harness.mail import PostOffice, made_certificate, post_office

METHODS = ["no", "SSL/TLS", "STARTTLS"]
TO = "anna@example.org"


def settings(values: dict[str, Any]) -> Settings:
    return msgspec.convert(values, Settings)


def letter(of: Settings, subject: str = "Привет", text: str = "Текст") -> bytes:
    return written(of, 7, 1_700_000_000.0, TO, subject, text)


async def send(of: Settings) -> list[str]:
    async with visit(of, 2, 3) as there:
        await there.hand_over(TO, letter(of))
        return there.steps


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    return lambda certificate: monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.mark.parametrize("method", METHODS)
async def test_a_letter_arrives_by_every_method(method: str, tmp_path: Path, trust: Callable[[Path], None]) -> None:
    async with post_office(method, tmp_path) as office:
        trust(office.certificate)
        steps = await send(settings(office.settings()))
        came = await office.letter(TO)
    assert came["Subject"] == "Привет"
    assert came["From"].addresses[0].display_name == "РОСЧАТ"
    assert came.get_content().strip() == "Текст"
    assert came["Message-ID"] == "<1700000000.7@example.org>"
    assert steps == ["connected", *(["encrypted"] if method != "no" else []), "signed-in", "sent"]


async def test_no_password_is_asked_where_none_is_needed(tmp_path: Path) -> None:
    async with post_office("no", tmp_path, authentication=False) as office:
        await send(settings(office.settings(sign_in=False, username="", password="")))
        await office.letter(TO)


async def test_wrong_password(tmp_path: Path) -> None:
    async with post_office("no", tmp_path) as office:
        with pytest.raises(ServerTrouble) as trouble:
            await send(settings(office.settings(password="guess")))
    assert trouble.value.cause == "authentication"
    assert "535" in trouble.value.text
    assert "guess" not in trouble.value.text


async def test_server_that_lets_nobody_sign_in(tmp_path: Path) -> None:
    async with post_office("no", tmp_path, authentication=False) as office:
        with pytest.raises(ServerTrouble) as trouble:
            await send(settings(office.settings()))
    assert trouble.value.cause == "no-authentication"


@pytest.mark.parametrize("method", ["SSL/TLS", "STARTTLS"])
async def test_certificate_that_nobody_signed(method: str, tmp_path: Path) -> None:
    async with post_office(method, tmp_path) as office:
        with pytest.raises(ServerTrouble) as trouble:
            await send(settings(office.settings()))
        assert trouble.value.cause == "tls"
        assert "self-signed" in trouble.value.text
        await send(settings(office.settings(verify_certificate=False)))
        await office.letter(TO)


async def test_certificate_of_another_name(tmp_path: Path, trust: Callable[[Path], None]) -> None:
    async with post_office("SSL/TLS", tmp_path) as office:
        trust(office.certificate)
        with pytest.raises(ServerTrouble) as trouble:
            await send(settings(office.settings(host="127.0.0.2")))
    # Linux reaches the whole of 127/8 on the loopback only when the server listens there.
    assert trouble.value.cause == "refused"


async def test_certificate_names_are_compared(
    tmp_path: Path, trust: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.harness.mail.made_certificate", lambda folder: made_certificate(folder, "192.0.2.1"))
    async with post_office("SSL/TLS", tmp_path) as office:
        trust(office.certificate)
        with pytest.raises(ServerTrouble) as trouble:
            await send(settings(office.settings()))
    assert trouble.value.cause == "tls"
    assert "127.0.0.1" in trouble.value.text


async def test_expired_certificate(
    tmp_path: Path, trust: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.harness.mail.made_certificate", lambda folder: made_certificate(folder, days=-1))
    async with post_office("STARTTLS", tmp_path) as office:
        trust(office.certificate)
        with pytest.raises(ServerTrouble) as trouble:
            await send(settings(office.settings()))
    assert trouble.value.cause == "tls"
    assert "expired" in trouble.value.text


async def test_tls_where_there_is_none_and_the_reverse(tmp_path: Path) -> None:
    async with post_office("no", tmp_path) as office:
        with pytest.raises(ServerTrouble) as trouble:
            await send(settings(office.settings(security="SSL/TLS")))
        assert trouble.value.cause in ("tls", "lost")
        with pytest.raises(ServerTrouble) as trouble:
            await send(settings(office.settings(security="STARTTLS")))
        assert trouble.value.cause == "tls"
        assert "STARTTLS" in trouble.value.text
    async with post_office("SSL/TLS", tmp_path) as office:
        with pytest.raises(ServerTrouble) as trouble:
            await send(settings(office.settings(security="no")))
        assert trouble.value.cause in ("timeout", "lost", "protocol")


async def test_refused_addresses(tmp_path: Path) -> None:
    async with post_office("no", tmp_path) as office:
        office.refused = {TO: "550 5.1.1 no such box", "full@example.org": "452 4.2.2 box is full"}
        of = settings(office.settings())
        async with visit(of) as there:
            with pytest.raises(LetterRefused) as refused:
                await there.hand_over(TO, letter(of))
            assert (refused.value.cause, refused.value.final) == ("address", True)
            assert "no such box" in refused.value.text
            with pytest.raises(LetterRefused) as refused:
                await there.hand_over("full@example.org", letter(of))
            assert not refused.value.final
            await there.hand_over("boris@example.org", letter(of))
        await office.letter("boris@example.org")
        office.refused_sender = "550 5.7.1 you may not send as this"
        with pytest.raises(ServerTrouble) as trouble:
            await send(of)
        assert trouble.value.cause == "sender"


async def test_refused_letter(tmp_path: Path) -> None:
    async with post_office("no", tmp_path) as office:
        office.refused_data = "554 5.7.1 this is spam"
        with pytest.raises(LetterRefused) as refused:
            await send(settings(office.settings()))
    assert (refused.value.cause, refused.value.final) == ("letter", True)


async def test_unknown_host() -> None:
    with pytest.raises(ServerTrouble) as trouble:
        await send(settings(PostOffice("no", port=25).settings(host="mail.invalid")))
    assert trouble.value.cause in ("name", "refused")
    assert "mail.invalid" in trouble.value.text


async def test_nobody_listens() -> None:
    async with serving(lambda reader, writer: _nothing()) as port:
        pass
    with pytest.raises(ServerTrouble) as trouble:
        await send(settings(PostOffice("no", port=port).settings()))
    assert trouble.value.cause == "refused"


@pytest.mark.parametrize("said", [b"", b"220 wait", b"220 here\r\n"])
async def test_silent_server_is_given_up(said: bytes) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await reader.read(-1)

    async with serving(hang) as port:
        of = settings(PostOffice("no", port=port).settings())
        with pytest.raises(ServerTrouble) as trouble:
            async with visit(of, 0.1, 0.5):
                pass
    assert trouble.value.cause == "timeout"


async def test_server_that_drips_gets_no_more_than_the_whole() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while await reader.readline():
            writer.write(b"250-more\r\n" * 3)

    async with serving(drip) as port:
        with pytest.raises(ServerTrouble) as trouble:
            async with visit(settings(PostOffice("no", port=port).settings()), 5, 0.3):
                pass
    assert trouble.value.cause == "timeout"


@pytest.mark.parametrize(
    ("said", "causes"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", ("protocol",)),
        (b"\x00\xff\xfe garbage \x80\r\n" * 4, ("protocol",)),
        (b"554 go away\r\n", ("protocol",)),
        (b"9" * 200_000 + b"\r\n", ("protocol", "lost")),
    ],
)
async def test_nonsense(said: bytes, causes: tuple[str, ...]) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()

    async with serving(talk) as port:
        with pytest.raises(ServerTrouble) as trouble:
            async with visit(settings(PostOffice("no", port=port).settings()), 1, 2):
                pass
    assert trouble.value.cause in (*causes, "lost", "timeout")
    assert trouble.value.text.isprintable()
    assert len(trouble.value.text) < 400


async def _nothing() -> None:
    return None


@asynccontextmanager
async def serving(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """A listener that talks as told; its port."""
    tasks: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await talk(reader, writer)
        finally:
            writer.close()
            tasks.discard(task)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await server.wait_closed()
