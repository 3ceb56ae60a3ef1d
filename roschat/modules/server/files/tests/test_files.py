"""Files over HTTP requests, on a real database and a real folder."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import ManualClock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, NotFound, NotSignedIn
from roschat.kernel.http import Request, Response, Routes
from roschat.kernel.settings import Live
from roschat.modules.server.accounts.api import AuthenticateToken
from roschat.modules.server.files.api import AuthenticateBot
from roschat.modules.server.files.driver import FileStore, StorageFull, connect
from roschat.modules.server.files.library import Library
from roschat.modules.server.files.settings import Settings
from roschat.modules.server.files.sweep import Sweep
from roschat.modules.server.files.uploads import Uploads
from roschat.modules.server.files.visitors import BotAddresses, Visitors
from roschat.modules.server.files.web import FileRoutes
from roschat.types import ChannelId, ChatId, ContactId, FileName, Role, SessionId
from roschat.wire.message import Caller
from roschat.wire.session import SessionClosed, SessionOpened

ALICE, BOB, CAROL, ROBOT, OTHER_ROBOT = (ContactId(n) for n in range(1, 6))
BOUNDARY = "b0undary"


@dataclass
class Place:
    db: Database
    folder: Path
    files: FileStore
    settings: Live[Settings]
    clock: ManualClock
    library: Library
    routes: Routes
    addresses: BotAddresses
    sweep: Sweep

    async def ask(
        self, method: str, path: str, who: ContactId = ALICE, body: bytes | AsyncIterator[bytes] = b"", **headers: str
    ) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            named.setdefault("authorization", f"Bearer {who}")
        return await self.routes.answer(Request(method, path, headers=named, source=body, address="10.0.0.1"))

    async def upload(self, content: bytes, who: ContactId = ALICE, name: str = "a.txt") -> FileName:
        answer = await self.send(content, who, name)
        assert answer.status == 200, answer.body
        assert isinstance(answer.body, bytes)
        return FileName(answer.body.decode())

    async def send(self, content: bytes, who: ContactId = ALICE, name: str = "a.txt") -> Response:
        return await self.ask("POST", "/messages/data", who, form(content, name), content_type=FORM)

    async def status(self, name: FileName, who: ContactId) -> int:
        return (await self.ask("GET", f"/messages/data/{name}", who)).status

    def kept(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]

    async def sql(self, sql: str) -> None:
        async with self.db.reading() as tx:
            await tx.run(sql)


FORM = f"multipart/form-data; boundary={BOUNDARY}"


def form(content: bytes, name: str = "a.txt") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


async def content(answer: Response) -> bytes:
    if isinstance(answer.body, bytes):
        return answer.body
    assert not isinstance(answer.body, Path)
    return b"".join([chunk async for chunk in answer.body])


@pytest.fixture
async def place(db: Database, tmp_path: Path) -> Place:
    bus = LocalBus()

    async def person(command: AuthenticateToken, caller: Caller) -> ContactId:
        if not command.token.isdigit():
            raise NotSignedIn("bad token")
        return ContactId(int(command.token))

    async def bot(command: AuthenticateBot, caller: Caller) -> ContactId:
        if command.token != "robot":
            raise NotSignedIn("bad token")
        return ROBOT

    bus.serve(AuthenticateToken, person)
    bus.serve(AuthenticateBot, bot)
    files = await connect("local", {}, tmp_path / "files")
    settings = Live(Settings(max_size=1_000_000))
    clock = ManualClock()
    library = Library(db, files, settings, clock)
    addresses = BotAddresses()
    routes = Routes()
    uploads = Uploads(db, files, library, clock)
    FileRoutes(library, uploads, Visitors(bus, addresses, settings)).add_to(routes)
    return Place(db, tmp_path, files, settings, clock, library, routes, addresses, Sweep(db, files, clock))


def opened(cid: ContactId, session: str, address: str = "10.0.0.1") -> SessionOpened:
    return SessionOpened(Caller(role=Role.BOT, cid=cid, session=SessionId(session), address=address))


@pytest.mark.parametrize("path", ["/messages/data", "/messages/data/", "//messages/data"])
async def test_an_upload_answers_the_bare_name(place: Place, path: str) -> None:
    answer = await place.ask("POST", path, body=form(b"hello"), content_type=FORM)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    name = (await content(answer)).decode()
    assert name.isalnum()
    assert len(name) == 32
    assert await content(await place.ask("GET", f"/messages/data/{name}")) == b"hello"


async def test_a_download_cannot_run_in_the_page(place: Place) -> None:
    name = await place.upload(b"<script>alert(1)</script>", name="../x.html")
    answer = await place.ask("GET", f"/messages/data/{name}")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="x.html"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["content-length"] == "25"


async def test_ranges(place: Place) -> None:
    name = await place.upload(b"0123456789")
    path = f"/messages/data/{name}"
    whole = await place.ask("GET", path)
    tag = whole.headers["etag"]
    part = await place.ask("GET", path, range="bytes=2-4")
    assert (part.status, part.headers["content-range"], await content(part)) == (206, "bytes 2-4/10", b"234")
    assert await content(await place.ask("GET", path, range="bytes=-3")) == b"789"
    assert await content(await place.ask("GET", path, range="bytes=4-", if_range=tag)) == b"456789"
    assert (await place.ask("GET", path, range="bytes=4-", if_range='"other"')).status == 200
    assert (await place.ask("GET", path, range="bytes=10-")).status == 416
    assert (await place.ask("GET", path, range="bytes=0-1,4-5")).status == 200
    assert (await place.ask("GET", path, if_none_match=tag)).status == 304


async def test_an_empty_file(place: Place) -> None:
    name = await place.upload(b"")
    answer = await place.ask("GET", f"/messages/data/{name}", range="bytes=0-")
    assert (answer.status, await content(answer)) == (200, b"")


async def test_one_byte_over_the_limit_is_refused_before_the_body_is_read(place: Place) -> None:
    async def never() -> AsyncIterator[bytes]:
        pytest.fail("the body was read")
        yield b""

    answer = await place.ask("POST", "/messages/data", body=never(), content_type=FORM, content_length="1065537")
    assert answer.status == 413
    assert b"limit is 1000000" in await content(answer)


async def test_one_byte_over_the_limit_is_refused_while_it_is_counted(place: Place) -> None:
    assert (await place.send(b"x" * 1_000_000)).status == 200
    before = place.kept()
    answer = await place.send(b"x" * 1_000_001)
    assert answer.status == 413
    assert b"1000000" in await content(answer)
    assert place.kept() == before


async def test_a_body_without_length_is_counted(place: Place) -> None:
    async def body() -> AsyncIterator[bytes]:
        data = form(b"x" * 1_000_001)
        for start in range(0, len(data), 65_536):
            yield data[start : start + 65_536]

    assert (await place.ask("POST", "/messages/data", body=body(), content_type=FORM)).status == 413
    assert place.kept() == []


async def test_a_form_that_breaks_off_keeps_nothing(place: Place) -> None:
    body = form(b"x" * 100_000)[:-20]
    assert (await place.ask("POST", "/messages/data", body=body, content_type=FORM)).status == 400
    assert place.kept() == []


async def test_a_full_store_is_507_and_keeps_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(name: str, chunks: AsyncIterator[bytes]) -> int:
        raise StorageFull("There is no room.")

    monkeypatch.setattr(place.files, "put", full)
    answer = await place.send(b"x")
    assert (answer.status, json.loads(await content(answer))["error"]) == (507, "no-space")
    async with place.db.reading() as tx:
        assert await tx.value("SELECT count(*) FROM server.file") == 0


async def test_a_quota(place: Place) -> None:
    place.settings.become(Settings(max_size=1_000_000, quota=100))
    await place.upload(b"x" * 60)
    answer = await place.send(b"x" * 60)
    assert answer.status == 413
    assert b"60 more do not fit" in await content(answer)
    assert len(place.kept()) == 1
    await place.upload(b"x" * 60, BOB)


async def test_an_image_has_dimensions_and_a_preview(place: Place) -> None:
    out = io.BytesIO()
    Image.new("RGB", (900, 300)).save(out, "PNG")
    name = await place.upload(out.getvalue(), name="кот.jpg")
    info = await place.library.visible(name, (ALICE,))
    assert (info.content_type, info.width, info.height, info.name) == ("image/png", 900, 300, "кот.jpg")
    answer = await place.ask("GET", f"/messages/data/{info.preview_file}")
    assert answer.headers["content-type"] == "image/webp"
    assert (await content(answer))[:4] == b"RIFF"
    assert await place.status(info.preview_file, BOB) == 404


async def test_only_its_owner_sees_a_file_that_was_not_shown(place: Place) -> None:
    name = await place.upload(b"x")
    assert await place.status(name, ALICE) == 200
    stranger = await place.ask("GET", f"/messages/data/{name}", BOB)
    unknown = await place.ask("GET", f"/messages/data/{'0' * 32}", BOB)
    assert stranger.status == unknown.status == 404
    assert (await content(stranger)).replace(name.encode(), b"") == (await content(unknown)).replace(b"0" * 32, b"")
    assert (await place.ask("GET", f"/messages/data/{name}", authorization="Bearer bad")).status == 404
    assert await place.status(name, ContactId(0)) == 404


async def test_members_see_what_was_shared_with_them(place: Place) -> None:
    await place.sql(
        "INSERT INTO server.member (chat, cid, peer, joined_rev, rev, role, left_id) VALUES "
        "(7, 1, 7, 1, 1, 'member', 9223372036854775807), (7, 2, 7, 1, 1, 'member', 9223372036854775807),"
        "(7, 3, 7, 1, 1, 'left', 50)"
    )
    await place.sql(
        "INSERT INTO server.message (id, chat, seq, rev, sender, time, payload) "
        "VALUES (50, 7, 1, 50, 1, 1700000100, '')"
    )
    before, after = await place.upload(b"1"), await place.upload(b"2")
    await place.library.share(ALICE, [before], ChatId(7))
    place.clock.advance(200)
    await place.library.share(ALICE, [after], ChatId(7))
    assert [await place.status(before, who) for who in (ALICE, BOB, CAROL)] == [200, 200, 200]
    assert [await place.status(after, who) for who in (ALICE, BOB, CAROL)] == [200, 200, 404]


async def test_who_may_share(place: Place) -> None:
    name = await place.upload(b"x")
    with pytest.raises(Denied):
        await place.library.share(BOB, [name], ChatId(7))
    with pytest.raises(NotFound):
        await place.library.share(ALICE, [name, FileName("0" * 32)], ChatId(7))
    await place.sql("INSERT INTO server.member (chat, cid, peer, joined_rev, rev) VALUES (7, 2, 7, 1, 1)")
    await place.library.share(ALICE, [name], ChatId(7))
    await place.library.share(BOB, [name], ChatId(8))


async def test_who_sees_a_channel_sees_its_files(place: Place) -> None:
    await place.sql("INSERT INTO server.channel (name, sought, closed, created, rev) VALUES ('c', 'c', true, 1, 1)")
    await place.sql(
        "INSERT INTO server.channel_member (channel, cid, role, subscribed, since) "
        "VALUES (1, 2, 'subscriber', false, 1)"
    )
    name = await place.upload(b"x")
    await place.library.share_with_channel(ALICE, [name], ChannelId(1))
    assert [await place.status(name, who) for who in (BOB, CAROL)] == [200, 404]
    await place.sql("UPDATE server.channel SET closed = false")
    assert [await place.status(name, who) for who in (BOB, CAROL, ContactId(0))] == [200, 200, 404]
    await place.sql("UPDATE server.channel SET deleted = 1")
    assert [await place.status(name, who) for who in (BOB, CAROL)] == [404, 404]


async def test_published_files_are_for_everybody_who_is_signed_in(place: Place) -> None:
    name = await place.upload(b"x")
    await place.library.publish(ALICE, [name])
    assert [await place.status(name, who) for who in (BOB, CAROL, ContactId(0))] == [200, 200, 404]


async def test_tokens_of_bots_and_cookies_of_browsers(place: Place) -> None:
    answer = await place.ask("POST", "/messages/data", body=form(b"x"), content_type=FORM, authorization="Bot robot")
    name = FileName((await content(answer)).decode())
    assert (await place.library.known(name)).owner == ROBOT
    bad = await place.ask("POST", "/messages/data", body=form(b"x"), content_type=FORM, authorization="Bot bad")
    assert bad.status == 401
    assert (
        await place.ask("GET", f"/messages/data/{name}", ContactId(0), cookie=f"roschat_access={ROBOT}")
    ).status == 200


async def test_bots_without_a_name_are_known_by_their_address(place: Place) -> None:
    nobody = ContactId(0)
    assert (await place.send(b"x", nobody)).status == 401
    place.addresses.opened(opened(ROBOT, "s1"))
    place.addresses.opened(opened(OTHER_ROBOT, "s2"))
    place.addresses.opened(opened(BOB, "s3", "10.0.0.2"))
    name = await place.upload(b"x", nobody)
    assert (await place.library.known(name)).owner == OTHER_ROBOT
    assert await place.status(name, ROBOT) == 200
    assert await place.status(name, OTHER_ROBOT) == 200
    assert await place.status(name, nobody) == 200
    assert await place.status(name, BOB) == 404
    await place.library.share(ROBOT, [name], ChatId(7))
    place.settings.become(Settings(bot_addresses=False))
    assert (await place.send(b"x", nobody)).status == 401
    place.settings.become(Settings())
    for cid, session in ((ROBOT, "s1"), (OTHER_ROBOT, "s2")):
        place.addresses.closed(SessionClosed(opened(cid, session).caller))
    assert (await place.send(b"x", nobody)).status == 401


async def begin(place: Place, size: int) -> str:
    answer = await place.ask("POST", "/messages/uploads", body=json.dumps({"name": "film.mp4", "size": size}).encode())
    assert answer.status == 201
    state = json.loads(await content(answer))
    assert (state["offset"], state["size"]) == (0, size)
    return f"/messages/uploads/{state['upload']}"


@pytest.mark.parametrize("error", [ConnectionResetError(), Invalid("The connection was lost.")])
async def test_an_upload_goes_on_where_it_broke_off(place: Place, error: Exception) -> None:
    path = await begin(place, 10)

    async def broken() -> AsyncIterator[bytes]:
        yield b"0123"
        raise error

    await place.ask("PATCH", path, body=broken(), upload_offset="0")
    state = await place.ask("HEAD", path)
    assert state.headers["upload-offset"] == "4"
    assert (await place.ask("PATCH", path, body=b"x", upload_offset="3")).status == 416
    assert json.loads(await content(await place.ask("PATCH", path, body=b"45", upload_offset="4")))["offset"] == 6
    answer = await place.ask("PATCH", path, body=b"6789", upload_offset="6")
    assert answer.status == 201
    info = json.loads(await content(answer))
    assert (info["name"], info["size"]) == ("film.mp4", 10)
    assert await content(await place.ask("GET", f"/messages/data/{info['file']}")) == b"0123456789"
    assert (await place.ask("GET", path)).status == 404
    assert [path.name for path in place.kept()] == [info["file"]]


async def test_an_upload_is_for_its_owner(place: Place) -> None:
    path = await begin(place, 10)
    assert (await place.ask("GET", path, BOB)).status == 404
    assert (await place.ask("PATCH", path, BOB, b"x", upload_offset="0")).status == 404
    assert (await place.ask("DELETE", path, BOB)).status == 404
    assert (await place.ask("DELETE", path)).status == 204
    assert (await place.ask("GET", path)).status == 404


async def test_more_than_announced_is_refused(place: Place) -> None:
    path = await begin(place, 3)
    assert (await place.ask("PATCH", path, body=b"0123", upload_offset="0")).status == 413

    async def more() -> AsyncIterator[bytes]:
        yield b"01"
        yield b"23"

    assert (await place.ask("PATCH", path, body=more(), upload_offset="0")).status == 413
    assert place.kept() == []
    assert (await place.ask("PATCH", path, body=b"01", upload_offset="x")).status == 400
    big = await place.ask("POST", "/messages/uploads", body=b'{"name":"a","size":1000001}')
    assert big.status == 413
    assert (await place.ask("POST", "/messages/uploads", body=b'{"name":"a","size":-1}')).status == 400


async def test_two_pieces_at_once_count_once(place: Place) -> None:
    path = await begin(place, 10)
    answers = await asyncio.gather(*(place.ask("PATCH", path, body=b"01234", upload_offset="0") for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 416, 416, 416]
    assert len(place.kept()) == 1


async def test_joining_can_be_tried_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    path = await begin(place, 4)
    put, full = place.files.put, True

    async def sometimes(name: str, chunks: AsyncIterator[bytes]) -> int:
        if full and name not in pieces:
            raise StorageFull("There is no room.")
        return await put(name, chunks)

    assert (await place.ask("PATCH", path, body=b"01", upload_offset="0")).status == 200
    pieces: list[str] = []
    monkeypatch.setattr(place.files, "put", sometimes)
    assert (await place.ask("PATCH", path, body=b"23", upload_offset="2")).status == 507
    full = False
    answer = await place.ask("PATCH", path, body=b"23", upload_offset="2")
    assert answer.status == 201
    assert len(place.kept()) == 1


async def test_an_empty_resumable_upload(place: Place) -> None:
    path = await begin(place, 0)
    assert (await place.ask("PATCH", path, upload_offset="0")).status == 201


async def test_the_sweep_takes_what_nobody_was_shown(place: Place) -> None:
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "PNG")
    loose = await place.upload(out.getvalue())
    shared, published, own = [await place.upload(out.getvalue()) for _ in range(3)]
    path = await begin(place, 10)
    await place.ask("PATCH", path, body=b"01", upload_offset="0")
    await place.library.share(ALICE, [shared], ChatId(7))
    await place.library.publish(ALICE, [published])
    await place.library.share_with_channel(ALICE, [own], ChannelId(7))
    assert await place.sweep.once() == 0
    place.clock.advance(86_401)
    assert await place.sweep.once() == 3
    assert [await place.status(name, ALICE) for name in (loose, shared, published, own)] == [404, 200, 200, 200]
    assert (await place.ask("GET", path)).status == 404
    assert len(place.kept()) == 6
    assert await place.sweep.once() == 0


async def test_the_sweep_goes_on_after_a_store_that_was_away(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    await place.upload(b"x")
    place.clock.advance(86_401)
    with monkeypatch.context() as patch:

        async def away(name: str) -> None:
            raise StorageFull("away")

        patch.setattr(place.files, "delete", away)
        with pytest.raises(StorageFull):
            await place.sweep.once()
    assert await place.sweep.once() == 1
    assert place.kept() == []
