"""Channels on a real database; files are taken by a small server of the same commands."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

import msgspec
import pytest

from roschat.kernel import audit
from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import ManualClock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, NotFound, TooLarge
from roschat.modules.server.channels.api import (
    ChangeChannel,
    CreateChannel,
    EditPublication,
    GetComments,
    GetPublications,
    ListPublicChannels,
    PublicationFile,
    SendComment,
    SendPublication,
    SetChannelOptions,
    VerifyChannel,
)
from roschat.modules.server.channels.catalogue import Catalogue
from roschat.modules.server.channels.publications import Press
from roschat.modules.server.channels.service import Channels
from roschat.modules.server.files.api import FileInfo, KnownFile, ShareFilesWithChannel
from roschat.types import ChannelId, ContactId, FileName, PublicationId, Role, Seconds
from roschat.wire.delivery import Delivery
from roschat.wire.message import Caller, Empty

ALICE, BOB, CAROL, DAVE, ROBOT = (ContactId(n) for n in (2001, 2002, 2003, 2004, 2005))

ADMIN = Caller(Role.ADMIN, ContactId(1), name="olga", request="r1")


@dataclass
class News:
    """Everything that was delivered."""

    all: list[Delivery] = field(default_factory=list)

    def of(self, name: str, reader: ContactId) -> list[dict[str, object]]:
        return [msgspec.json.decode(d.payload) for d in self.all if d.name == name and reader in d.audience]


@dataclass
class Place:
    db: Database
    channels: Channels
    press: Press
    catalogue: Catalogue
    news: News
    clock: ManualClock
    shared: list[ShareFilesWithChannel]

    async def channel(self, name: str = "Новости", *, closed: bool = False, comments: bool = True) -> ChannelId:
        return await self.channels.create(
            ALICE, CreateChannel(name=name, description="о заводе", closed=closed, comments=comments)
        )

    async def publish(self, channel: ChannelId, title: str = "t", **more: object) -> PublicationId:
        return await self.press.publish(ALICE, SendPublication(ch_id=channel, title=title, **more))  # type: ignore[arg-type]

    async def unread(self, cid: ContactId, channel: ChannelId) -> int:
        return (await self.channels.one(cid, channel)).unread

    async def page(self, channel: ChannelId, who: ContactId = ALICE, **bounds: int) -> tuple[list[int], bool, bool]:
        page = await self.press.page(who, GetPublications(ch_id=channel, **bounds))  # type: ignore[arg-type]
        return [p.pub_id for p in page.publications], page.older, page.newer


@pytest.fixture
async def place(dsn: str) -> AsyncIterator[Place]:
    bus, news, clock = LocalBus(), News(), ManualClock()
    db = Database(dsn, bus)
    await db.open()
    async with db.transaction() as tx:
        for cid in (ALICE, BOB, CAROL, DAVE):
            await tx.run(
                "INSERT INTO server.contact (cid, surname, rev) VALUES (%s, 'x', server.next_contact_revision())", cid
            )
        await tx.run(
            "INSERT INTO server.contact (cid, kind, rev) VALUES (%s, 'bot', server.next_contact_revision())", ROBOT
        )
    shared: list[ShareFilesWithChannel] = []

    async def share(command: ShareFilesWithChannel, caller: Caller) -> Empty:
        if "foreign" in command.files:
            raise Denied("not yours")
        shared.append(command)
        return Empty()

    async def known(command: KnownFile, caller: Caller) -> FileInfo:
        return FileInfo(command.file, "план.pdf", 7, "application/pdf", ALICE)

    bus.serve(ShareFilesWithChannel, share)
    bus.serve(KnownFile, known)
    bus.subscribe(Delivery, news.all.append)
    yield Place(db, Channels(db, bus, clock), Press(db, bus, clock), Catalogue(db), news, clock, shared)
    await db.close()


def names(views: Iterable[object]) -> list[str]:
    return [view.name for view in views]  # type: ignore[attr-defined]


async def test_a_new_channel_is_in_its_creators_list(place: Place) -> None:
    channel = await place.channel()
    (view,) = await place.channels.listed(ALICE)
    assert (view.ch_id, view.name, view.description, view.role) == (channel, "Новости", "о заводе", "admin")
    assert (view.admins, view.subscribers, view.closed, view.subscribed) == (1, 0, False, True)
    assert await place.channels.listed(BOB) == []
    assert place.news.of("channel-change-event", ALICE)[0]["chId"] == channel


@pytest.mark.parametrize("name", ["", "   ", "\0"])
async def test_a_channel_needs_a_name(place: Place, name: str) -> None:
    with pytest.raises(Invalid):
        await place.channel(name)
    with pytest.raises(TooLarge):
        await place.channel("x" * 101)


@pytest.mark.parametrize("text", ["новости", "НОВ", "завод", "овост завод", ""])
async def test_a_public_channel_is_found_by_others(place: Place, text: str) -> None:
    await place.channel()
    (view,) = await place.channels.find(BOB, text, 10)
    assert (view.name, view.role, view.unread) == ("Новости", "", 0)


async def test_a_channel_is_found_without_minding_yo_and_percents(place: Place) -> None:
    await place.channel("Учёт 100%_")
    assert names(await place.channels.find(BOB, "учет", 10)) == ["Учёт 100%_"]
    assert await place.channels.find(BOB, "%9%", 10) == []


async def test_a_closed_channel_is_never_found_by_anybody(place: Place) -> None:
    channel = await place.channel(closed=True)
    await place.channels.change(ALICE, ChangeChannel(ch_id=channel, name="Другое"))
    for who in (ALICE, BOB):
        assert await place.channels.find(who, "другое", 10) == []
    await place.channels.change(ALICE, ChangeChannel(ch_id=channel, closed=False))
    assert names(await place.channels.find(BOB, "другое", 10)) == ["Другое"]


async def test_a_closed_channel_does_not_exist_for_strangers(place: Place) -> None:
    channel = await place.channel(closed=True)
    publication = await place.publish(channel)
    with pytest.raises(NotFound):
        await place.channels.one(BOB, channel)
    with pytest.raises(NotFound):
        await place.channels.subscribe(BOB, channel)
    with pytest.raises(NotFound):
        await place.channels.members(BOB, channel, "admin")
    with pytest.raises(NotFound):
        await place.press.page(BOB, GetPublications(ch_id=channel))
    with pytest.raises(NotFound):
        await place.press.comments(BOB, GetComments(ch_id=channel, pub_id=publication))
    with pytest.raises(NotFound):
        await place.press.comment(BOB, SendComment(ch_id=channel, pub_id=publication, text="x"))
    with pytest.raises(NotFound):
        await place.press.watched(BOB, channel, publication)


async def test_only_admins_change_things(place: Place) -> None:
    channel = await place.channel()
    await place.channels.subscribe(BOB, channel)
    publication = await place.publish(channel)
    for who in (BOB, CAROL):
        with pytest.raises(Denied):
            await place.channels.change(who, ChangeChannel(ch_id=channel, name="x"))
        with pytest.raises(Denied):
            await place.channels.delete(who, channel)
        with pytest.raises(Denied):
            await place.channels.add_members(who, channel, [who], "admin")
        with pytest.raises(Denied):
            await place.channels.remove_member(who, channel, ALICE)
        with pytest.raises(Denied):
            await place.press.publish(who, SendPublication(ch_id=channel, title="x"))
        with pytest.raises(Denied):
            await place.press.edit(who, EditPublication(ch_id=channel, pub_id=publication, title="x"))
        with pytest.raises(Denied):
            await place.press.delete(who, channel, publication)


async def test_the_added_see_a_closed_channel_and_are_counted(place: Place) -> None:
    channel = await place.channel(closed=True)
    await place.channels.add_members(ALICE, channel, [BOB], "admin")
    await place.channels.add_members(ALICE, channel, [CAROL, BOB], "subscriber")
    (view,) = await place.channels.listed(CAROL)
    assert (view.role, view.subscribed, view.admins, view.subscribers) == ("invited", False, 2, 1)
    assert (await place.channels.one(BOB, channel)).role == "admin"
    assert place.news.of("channel-change-event", CAROL)
    await place.channels.subscribe(CAROL, channel)
    await place.channels.subscribe(BOB, channel)
    after = await place.channels.one(CAROL, channel)
    assert (after.role, after.subscribed, after.subscribers) == ("subscriber", True, 1)
    assert (await place.channels.one(BOB, channel)).role == "admin"
    assert [m.cid for m in await place.channels.members(CAROL, channel, "admin")] == [ALICE, BOB]
    assert [m.cid for m in await place.channels.members(CAROL, channel, "subscriber")] == [CAROL]


async def test_who_can_be_added(place: Place) -> None:
    channel = await place.channel()
    for cid in (ROBOT, ContactId(1), ContactId(999_999)):
        with pytest.raises(NotFound):
            await place.channels.add_members(ALICE, channel, [BOB, cid], "subscriber")
    with pytest.raises(Invalid):
        await place.channels.add_members(ALICE, channel, [BOB], "owner")
    assert (await place.channels.one(ALICE, channel)).subscribers == 0


async def test_the_last_admin_stays(place: Place) -> None:
    channel = await place.channel()
    with pytest.raises(Denied, match="last admin"):
        await place.channels.unsubscribe(ALICE, channel)
    with pytest.raises(Denied, match="last admin"):
        await place.channels.remove_member(ALICE, channel, ALICE)
    await place.channels.add_members(ALICE, channel, [BOB], "admin")
    await place.channels.unsubscribe(ALICE, channel)
    assert await place.channels.listed(ALICE) == []
    assert place.news.of("channel-change-event", ALICE)[-1] == {"chId": channel, "deleted": True}


async def test_two_admins_who_leave_at_once_leave_one(place: Place) -> None:
    channel = await place.channel()
    await place.channels.add_members(ALICE, channel, [BOB], "admin")
    results = await asyncio.gather(
        *(place.channels.unsubscribe(who, channel) for who in (ALICE, BOB)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["Denied", "NoneType"]


async def test_a_member_is_taken_out(place: Place) -> None:
    channel = await place.channel(closed=True)
    await place.channels.add_members(ALICE, channel, [BOB], "subscriber")
    await place.channels.remove_member(ALICE, channel, BOB)
    with pytest.raises(NotFound):
        await place.channels.one(BOB, channel)
    with pytest.raises(NotFound):
        await place.channels.remove_member(ALICE, channel, BOB)


async def test_a_deleted_channel_is_gone_for_all(place: Place) -> None:
    channel = await place.channel()
    await place.channels.subscribe(BOB, channel)
    await place.channels.delete(ALICE, channel)
    for who in (ALICE, BOB):
        assert await place.channels.listed(who) == []
        assert place.news.of("channel-change-event", who)[-1] == {"chId": channel, "deleted": True}
        with pytest.raises(NotFound):
            await place.channels.one(who, channel)
    assert await place.channels.find(BOB, "новости", 10) == []


async def test_a_change_reaches_everybody_with_his_own_view(place: Place) -> None:
    channel = await place.channel()
    await place.channels.subscribe(BOB, channel)
    await place.channels.subscribe(CAROL, channel)
    await place.catalogue.verify(VerifyChannel(channel), ADMIN)
    before = len(place.news.all)
    await place.channels.change(ALICE, ChangeChannel(ch_id=channel, name="Вести", description=""))
    assert len(place.news.all) - before == 2  # one for the admin, one for both subscribers
    view = place.news.of("channel-change-event", BOB)[-1]["channel"]
    assert isinstance(view, dict)
    assert (view["name"], view["verified"], view["role"]) == ("Вести", True, "subscriber")
    assert "description" not in view
    with pytest.raises(NotFound):
        await place.catalogue.verify(VerifyChannel(ChannelId(999)), ADMIN)


async def test_publications_count_from_one_in_each_channel(place: Place) -> None:
    first, second = await place.channel(), await place.channel()
    assert [await place.publish(first), await place.publish(first), await place.publish(second)] == [1, 2, 1]


async def test_a_publication_reaches_subscribers(place: Place) -> None:
    channel = await place.channel()
    await place.channels.subscribe(BOB, channel)
    await place.publish(channel, "Открытие", text="в пятницу")
    (event,) = place.news.of("publication-event", BOB)
    assert (event["cid"], event["title"], event["text"], event["pubId"]) == (ALICE, "Открытие", "в пятницу", 1)
    assert place.news.of("publication-event", ALICE)
    assert not place.news.of("publication-event", CAROL)
    last = (await place.channels.one(BOB, channel)).last
    assert last is not None
    assert last.title == "Открытие"


async def test_a_repeated_key_is_the_same_publication(place: Place) -> None:
    channel = await place.channel()
    numbers = await asyncio.gather(*(place.publish(channel, key="k") for _ in range(5)))
    assert set(numbers) == {1}
    assert len(place.news.of("publication-event", ALICE)) == 1
    assert await place.publish(channel) == 2


async def test_what_a_publication_may_hold(place: Place) -> None:
    channel = await place.channel()
    file = PublicationFile(FileName("f"), "лжёт.exe", size=1)
    with pytest.raises(Invalid):
        await place.publish(channel, " ")
    with pytest.raises(TooLarge):
        await place.publish(channel, "x" * 201)
    with pytest.raises(Invalid):
        await place.publish(channel, files=[file, file])
    with pytest.raises(Invalid):
        await place.publish(channel, files=[PublicationFile(FileName("f"), "x", type="virus")])
    with pytest.raises(Denied):
        await place.publish(channel, files=[PublicationFile(FileName("foreign"), "x")])
    assert await place.page(channel) == ([], False, False)
    await place.publish(channel, files=[file])
    (publication,) = (await place.press.page(ALICE, GetPublications(ch_id=channel))).publications
    assert (publication.files[0].name, publication.files[0].size) == ("план.pdf", 7)
    assert place.shared[-1] == ShareFilesWithChannel(by=ALICE, files=[FileName("f")], channel=channel)


async def test_pages(place: Place) -> None:
    channel = await place.channel()
    for _ in range(7):
        await place.publish(channel)
    await place.press.delete(ALICE, channel, PublicationId(4))
    assert await place.page(channel, count=3) == ([7, 6, 5], True, False)
    assert await place.page(channel, end_id=5, count=2) == ([3, 2], True, True)
    assert await place.page(channel, begin_id=2, count=2) == ([5, 3], True, True)
    assert await place.page(channel, begin_id=2, end_id=6) == ([5, 3], True, True)
    assert await place.page(channel, end_id=1) == ([], False, True)
    assert await place.page(channel, begin_id=7) == ([], True, False)
    assert await place.page(channel, BOB) == ([7, 6, 5, 3, 2, 1], False, False)


async def test_unread_by_watermark(place: Place) -> None:
    channel = await place.channel()
    await place.publish(channel)
    await place.channels.subscribe(BOB, channel)
    assert await place.unread(BOB, channel) == 0
    for _ in range(3):
        await place.publish(channel)
    assert [await place.unread(who, channel) for who in (ALICE, BOB, CAROL)] == [0, 3, 0]
    await place.press.watched(BOB, channel, PublicationId(2))
    assert await place.unread(BOB, channel) == 2
    view = place.news.of("channel-change-event", BOB)[-1]["channel"]
    assert isinstance(view, dict)
    assert view["unread"] == 2
    await place.press.delete(ALICE, channel, PublicationId(3))
    assert await place.unread(BOB, channel) == 1
    before = len(place.news.all)
    await place.press.watched(BOB, channel, PublicationId(1))
    assert len(place.news.all) == before
    await place.press.watched(BOB, channel, PublicationId(999))
    await place.publish(channel)
    assert await place.unread(BOB, channel) == 1


async def test_edit_and_delete(place: Place) -> None:
    channel = await place.channel()
    publication = await place.publish(channel, "a")
    place.clock.advance(5)
    await place.press.edit(ALICE, EditPublication(ch_id=channel, pub_id=publication, title="b"))
    edited = place.news.of("publication-change-event", ALICE)[-1]
    assert (edited["title"], edited["editedTime"]) == ("b", place.clock.seconds())
    await place.press.delete(ALICE, channel, publication)
    deleted = place.news.of("publication-change-event", ALICE)[-1]
    assert (deleted["title"], deleted["deletedTime"]) == ("", place.clock.seconds())
    with pytest.raises(NotFound):
        await place.press.delete(ALICE, channel, publication)
    with pytest.raises(NotFound):
        await place.press.edit(ALICE, EditPublication(ch_id=channel, pub_id=publication, title="c"))
    assert (await place.channels.one(ALICE, channel)).last is None


async def test_comments(place: Place) -> None:
    channel = await place.channel()
    publication = await place.publish(channel)
    first = await place.press.comment(BOB, SendComment(ch_id=channel, pub_id=publication, text=" раз ", key="k"))
    again = await place.press.comment(BOB, SendComment(ch_id=channel, pub_id=publication, text="два", key="k"))
    assert first == again
    assert first.text == "раз"
    second = await place.press.comment(CAROL, SendComment(ch_id=channel, pub_id=publication, text="три"))
    listed = await place.press.comments(DAVE, GetComments(ch_id=channel, pub_id=publication))
    assert [c.text for c in listed] == ["раз", "три"]
    after = await place.press.comments(DAVE, GetComments(ch_id=channel, pub_id=publication, begin_id=first.id))
    assert after == [second]
    assert place.news.of("comment-event", ALICE)[0]["text"] == "раз"
    assert place.news.of("comment-event", BOB)[0]["text"] == "раз"
    assert place.news.of("publication-change-event", ALICE)[-1]["comments"] == 2
    with pytest.raises(Denied):
        await place.press.delete_comment(BOB, second.id)
    await place.press.delete_comment(BOB, first.id)
    await place.press.delete_comment(BOB, first.id)
    await place.press.delete_comment(ALICE, second.id)
    assert place.news.of("comment-event", ALICE)[-1]["text"] == ""
    assert "comments" not in place.news.of("publication-change-event", ALICE)[-1]
    with pytest.raises(NotFound):
        await place.press.delete_comment(BOB, 999)


async def test_a_channel_without_comments(place: Place) -> None:
    channel = await place.channel(comments=False)
    publication = await place.publish(channel)
    with pytest.raises(Denied):
        await place.press.comment(ALICE, SendComment(ch_id=channel, pub_id=publication, text="x"))


async def test_options_are_the_readers_own(place: Place) -> None:
    channel = await place.channel()
    with pytest.raises(Denied):
        await place.channels.set_options(BOB, SetChannelOptions(ch_id=channel, pinned=True))
    await place.channels.subscribe(BOB, channel)
    await place.channels.set_options(BOB, SetChannelOptions(ch_id=channel, pinned=True))
    await place.channels.set_options(BOB, SetChannelOptions(ch_id=channel, muted_until=Seconds(2_147_483_647)))
    view = await place.channels.one(BOB, channel)
    assert (view.pinned, view.muted_until) == (True, 2_147_483_647)
    assert not (await place.channels.one(ALICE, channel)).pinned


async def test_an_avatar_is_shown_to_who_sees_the_channel(place: Place) -> None:
    channel = await place.channels.create(ALICE, CreateChannel(name="a", avatar=FileName("pic")))
    assert place.shared == [ShareFilesWithChannel(by=ALICE, files=[FileName("pic")], channel=channel)]
    with pytest.raises(Denied):
        await place.channels.change(ALICE, ChangeChannel(ch_id=channel, avatar=FileName("foreign")))
    await place.channels.change(ALICE, ChangeChannel(ch_id=channel, avatar=FileName("")))
    assert (await place.channels.one(ALICE, channel)).avatar == ""


async def test_the_console_lists_public_channels_only(place: Place) -> None:
    names = ["Вести", "Аптека", "Буфет"]
    channels = [await place.channel(name) for name in names]
    closed = await place.channel("Тайна", closed=True)
    await place.channels.subscribe(BOB, channels[0])
    await place.publish(channels[2])

    async def listed(**wanted: object) -> list[str]:
        page = await place.catalogue.listed(ListPublicChannels(**wanted), ADMIN)  # type: ignore[arg-type]
        return [row.name for row in page.channels]

    assert await listed() == ["Аптека", "Буфет", "Вести"]
    assert await listed(sort="subscribers", descending=True, size=1) == ["Вести"]
    assert await listed(sort="last", descending=True, size=1) == ["Буфет"]
    assert await listed(page=2, size=2) == ["Вести"]
    assert await listed(text="апт") == ["Аптека"]
    assert await listed(text="тайна") == []
    await place.channels.change(ALICE, ChangeChannel(ch_id=channels[1], closed=True))
    await place.channels.change(ALICE, ChangeChannel(ch_id=closed, closed=False, name="Явь"))
    assert await listed() == ["Буфет", "Вести", "Явь"]
    await place.channels.delete(ALICE, channels[2])
    assert await listed() == ["Вести", "Явь"]
    for wrong in ({"sort": "rev"}, {"verified": "maybe"}, {"page": 0}, {"size": 1001}):
        with pytest.raises(Invalid) as refused:
            await listed(**wrong)
        assert refused.value.fields == dict.fromkeys(wrong, "bad-value")


async def test_the_mark_comes_and_goes_and_outlives_closing(place: Place) -> None:
    channel = await place.channel()
    await place.catalogue.verify(VerifyChannel(channel), ADMIN)
    seen = place.news.of("channel-change-event", ALICE)[-1]["channel"]
    assert isinstance(seen, dict)
    assert seen["verified"] is True
    assert (await place.channels.find(BOB, "новости", 10))[0].verified
    [row] = (await place.catalogue.listed(ListPublicChannels(verified="yes"), ADMIN)).channels
    assert (row.ch_id, row.admins, row.subscribers) == (channel, 1, 0)
    await place.channels.change(ALICE, ChangeChannel(ch_id=channel, closed=True))
    assert (await place.channels.one(ALICE, channel)).verified
    with pytest.raises(NotFound):
        await place.catalogue.verify(VerifyChannel(channel, False), ADMIN)
    await place.channels.change(ALICE, ChangeChannel(ch_id=channel, closed=False))
    await place.catalogue.verify(VerifyChannel(channel, False), ADMIN)
    assert not (await place.channels.one(ALICE, channel)).verified
    async with place.db.reading() as tx:
        log = await audit.entries(tx, audit.Search(action="verify-channel"))
    assert [(one.who, one.subject, one.after) for one in log] == [
        ("olga", "Новости", {"verified": False}),
        ("olga", "Новости", {"verified": True}),
    ]
