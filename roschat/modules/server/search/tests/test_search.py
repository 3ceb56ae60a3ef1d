"""Search on a real database: messages are written as the messenger writes them."""

import asyncio
import json
from dataclasses import dataclass

import pytest
from psycopg.types.json import Jsonb

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid
from roschat.modules.server.messages.fragment import Fragment, encode
from roschat.modules.server.search.api import Found, MessageHit, Search
from roschat.modules.server.search.index import Index
from roschat.modules.server.search.service import Finder
from roschat.types import ContactId, PeerKind, Seconds

ALICE, BOB, CAROL, ROBOT, GONE = (ContactId(n) for n in (2001, 2002, 2003, 2004, 2005))
GROUP, PAIR = 7, 8


@dataclass
class Place:
    db: Database
    index: Index
    finder: Finder

    async def say(
        self, text: str, sender: ContactId = ALICE, chat: int = GROUP, data_type: str = "text", key: str = ""
    ) -> int:
        payload = encode(Fragment(data_type, text, Seconds(1), sender)).decode()
        async with self.db.transaction() as tx:
            return int(
                await tx.value(
                    "SELECT message_id FROM server.store_messages(%s, %s, %s, %s, %s, %s)",
                    [chat], [sender], [1], [key], [""], [payload],
                )
            )  # fmt: skip

    async def change(self, number: int, text: str, *, deleted: int = 0) -> None:
        payload = encode(Fragment("text", text, Seconds(1), ALICE, deleted_time=Seconds(deleted))).decode()
        async with self.db.transaction() as tx:
            await tx.run(
                "UPDATE server.message SET payload = %s, deleted_time = %s, rev = server.next_revision() WHERE id = %s",
                payload, deleted, number,
            )  # fmt: skip

    async def sql(self, sql: str, *args: object) -> None:
        async with self.db.transaction() as tx:
            await tx.run(sql, *args)

    async def find(self, text: str, who: ContactId = ALICE, **more: object) -> Found:
        return await self.finder.find(who, Search(text=text, **more))  # type: ignore[arg-type]

    async def messages(self, text: str, who: ContactId = ALICE, **more: object) -> list[str]:
        return [hit.message.data for hit in (await self.find(text, who, what=["messages"], **more)).messages]


def highlighted(hit: MessageHit) -> list[str]:
    units = hit.snippet.encode("utf-16-le")
    return [units[2 * m.offset : 2 * (m.offset + m.length)].decode("utf-16-le") for m in hit.marks]


@pytest.fixture
async def place(db: Database) -> Place:
    index = Index(db)
    here = Place(db, index, Finder(db, LocalBus(), index))
    people = {
        ALICE: ("Ёлкина", "Алиса", "alice@corp.ru", "главный бухгалтер"),
        BOB: ("Иванов", "Сергей", "ivanov@corp.ru", "инженер"),
        CAROL: ("Щукина", "Юлия", "carol@corp.ru", "инженер"),
        GONE: ("Ушедший", "Пётр", "gone@corp.ru", "инженер"),
    }
    for cid, (surname, name, email, position) in people.items():
        fields = [
            {"type": "surname", "value": surname}, {"type": "name", "value": name},
            {"type": "position", "value": position}, {"type": "number", "value": f"7495{cid}"},
            {"type": "email", "value": email},
        ]  # fmt: skip
        await here.sql(
            "INSERT INTO server.contact (cid, surname, name, fields, active, rev) "
            "VALUES (%s, %s, %s, %s, %s, server.next_contact_revision())",
            cid, surname, name, Jsonb(fields), cid != GONE,
        )  # fmt: skip
    await here.sql(
        "INSERT INTO server.contact (cid, kind, title, fields, rev) "
        'VALUES (%s, \'bot\', \'Помощник\', \'[{"type":"name","value":"helper"}]\', server.next_contact_revision())',
        ROBOT,
    )
    await here.sql(
        "INSERT INTO server.chat (id, kind, created_by, created_time, rev) OVERRIDING SYSTEM VALUE "
        "VALUES (%s, 'group', 1, 1, 1), (%s, 'user', 1, 1, 1)",
        GROUP, PAIR,
    )  # fmt: skip
    await here.sql(
        "INSERT INTO server.member (chat, cid, peer, joined_rev, rev) "
        "VALUES (7, 2001, 7, 1, 1), (7, 2002, 7, 1, 1), (8, 2001, 2003, 1, 1), (8, 2003, 2001, 1, 1)"
    )
    return here


@pytest.mark.parametrize("text", ["Подпишите документ", "Все документы готовы", "с документами", "О ДОКУМЕНТЕ"])
@pytest.mark.parametrize("sought", ["документ", "документы", "Документами", "докум", "умент", "до"])
async def test_russian_word_forms_and_parts_of_words(place: Place, text: str, sought: str) -> None:
    await place.say("нечто другое")
    await place.say(text)
    assert await place.messages(sought) == [text]


@pytest.mark.parametrize("sought", ["report", "reports", "reporting", "repo", "port"])
async def test_english_word_forms_and_parts_of_words(place: Place, sought: str) -> None:
    await place.say("quarterly REPORTS are late")
    assert len(await place.messages(sought)) == 1
    assert await place.messages("rapport") == []


@pytest.mark.parametrize("sought", ["учет", "учёт", "УЧЁТА", "на учёт"])
async def test_yo_and_e_are_the_same(place: Place, sought: str) -> None:
    await place.say("поставить на учёт")
    assert len(await place.messages(sought)) == 1


async def test_all_words_must_be_there(place: Place) -> None:
    await place.say("красный мяч")
    await place.say("синий мяч")
    assert await place.messages("мячи красные") == ["красный мяч"]
    assert await place.messages("красный синий") == []


async def test_common_words_and_signs(place: Place) -> None:
    await place.say("быть или не быть")
    assert len(await place.messages("или")) == 1
    assert len(await place.messages("не быть")) == 1
    await place.say("100% по плану")
    assert len(await place.messages("100%")) == 1
    assert await place.messages("%") == []
    assert await place.messages("'; drop table & | ! :*") == []
    assert await place.messages("\0") == []


async def test_a_hit_is_highlighted(place: Place) -> None:
    await place.say("😀 Два документа и документооборот")
    (hit,) = (await place.find("документы докумен")).messages
    assert hit.snippet == "😀 Два документа и документооборот"
    assert highlighted(hit) == ["документа", "докумен"]


async def test_what_one_may_not_read_is_not_found(place: Place) -> None:
    await place.say("тайна пары", ALICE, PAIR)
    await place.say("тайна группы")
    assert await place.messages("тайна", ALICE) == ["тайна группы", "тайна пары"]
    assert await place.messages("тайна", BOB) == ["тайна группы"]
    assert await place.messages("тайна", CAROL) == ["тайна пары"]
    found = await place.find("тайна", GONE, count=1)
    assert (found.messages, found.more) == ([], False)


async def test_hidden_and_left_bounds(place: Place) -> None:
    first = await place.say("слово раз")
    second = await place.say("слово два")
    await place.say("слово три")
    await place.sql("UPDATE server.member SET hidden_to_id = %s WHERE chat = 7 AND cid = %s", first, ALICE)
    await place.sql("UPDATE server.member SET role = 'left', left_id = %s WHERE chat = 7 AND cid = %s", second, BOB)
    assert await place.messages("слово", ALICE) == ["слово три", "слово два"]
    assert await place.messages("слово", BOB) == ["слово два", "слово раз"]


async def test_a_hit_is_seen_from_the_readers_side(place: Place) -> None:
    await place.say("привет", ALICE, PAIR, key="k1")
    (mine,) = (await place.find("привет", ALICE)).messages
    (theirs,) = (await place.find("привет", CAROL)).messages
    assert (mine.message.cid, mine.message.key, mine.message.cid_type) == (CAROL, "k1", "user")
    assert (theirs.message.cid, theirs.message.key) == (ALICE, "")
    await place.say("привет группе", BOB)
    (group, _) = (await place.find("привет", ALICE)).messages
    assert (group.message.cid, group.message.cid_type, group.message.sender_id) == (GROUP, "group", BOB)


async def test_in_one_conversation(place: Place) -> None:
    await place.say("план группы")
    await place.say("план пары", ALICE, PAIR)
    assert await place.messages("план", cid=CAROL) == ["план пары"]
    assert await place.messages("план", cid=GROUP, cid_type=PeerKind.GROUP) == ["план группы"]
    assert await place.messages("план", cid=BOB) == []
    found = await place.find("план", cid=CAROL)
    assert found.contacts == []


async def test_pages_go_back_in_time(place: Place) -> None:
    numbers = [await place.say(f"номер {n}") for n in range(5)]
    found = await place.find("номер", count=2)
    assert ([hit.message.id for hit in found.messages], found.more) == ([numbers[4], numbers[3]], True)
    found = await place.find("номер", count=3, before_id=numbers[3])
    assert ([hit.message.id for hit in found.messages], found.more) == ([numbers[2], numbers[1], numbers[0]], False)


async def test_edited_and_deleted_messages_follow(place: Place) -> None:
    number = await place.say("старое")
    assert await place.messages("старое") == ["старое"]
    await place.change(number, "новое")
    assert await place.messages("старое") == []
    assert await place.messages("новое") == ["новое"]
    await place.change(number, "", deleted=5)
    assert await place.messages("новое") == []
    async with place.db.reading() as tx:
        assert await tx.value("SELECT count(*) FROM server.search_message") == 0


async def test_files_are_found_by_name(place: Place) -> None:
    body = {"type": "file", "file": "f1", "name": "Отчёт за май.docx", "text": "посмотри"}
    await place.say(json.dumps(body), data_type="data")
    found = await place.find("отчет")
    assert found.messages == []
    assert found.files[0].snippet == "Отчёт за май.docx"
    assert highlighted(found.files[0]) == ["Отчёт"]
    assert len((await place.find("docx", what=["files"])).files) == 1
    assert len((await place.find("посмотри")).messages) == 1
    assert (await place.find("отчет", CAROL)).files == []


@pytest.mark.parametrize(
    ("body", "sought", "times"),
    [
        ({"type": "text", "text": "жирный текст", "entities": []}, "текст", 1),
        ({"type": "image", "file": "f", "name": "x.png", "text": "подпись"}, "подпись", 1),
        ({"type": "poll", "pollId": 1, "question": "Когда собрание?"}, "собрания", 1),
        ({"type": "channel", "chId": 1, "name": "Новости завода"}, "заводы", 1),
        ({"type": "text", "text": 5}, "5", 0),
        ({"type": "image", "file": "secretname"}, "secretname", 0),
        ([1, 2], "1", 0),
    ],
)
async def test_what_people_read_in_a_body_is_found(place: Place, body: object, sought: str, times: int) -> None:
    await place.say(json.dumps(body), data_type="data")
    assert len(await place.messages(sought)) == times


async def test_notices_and_broken_bodies_are_not_indexed(place: Place) -> None:
    await place.say('{"type":"system","what":"x","text":"создал беседу"}', data_type="system")
    await place.say("{broken", data_type="data")
    assert await place.messages("создал") == []
    assert await place.messages("broken") == []


@pytest.mark.parametrize(
    ("sought", "who"),
    [
        ("елкина", [ALICE]),
        ("Ёлк", [ALICE]),
        ("иванов сергей", [BOB]),
        ("Ivanov", [BOB]),
        ("sergei", [BOB]),
        ("shchukina", [CAROL]),
        ("julia", [CAROL]),
        ("bdfyjd", [BOB]),
        ("инженеры", [CAROL, BOB]),
        ("бухгалтера", [ALICE]),
        ("carol@corp.ru", [CAROL]),
        ("74952002", [BOB]),
        ("2003", [CAROL]),
        ("помощ", [ROBOT]),
        ("helper", [ROBOT]),
        ("ушедший", []),
        ("росчат", []),
    ],
)
async def test_contacts(place: Place, sought: str, who: list[ContactId]) -> None:
    found = await place.find(sought, what=["contacts"])
    assert sorted(hit.cid for hit in found.contacts) == sorted(who)


async def test_a_contact_shows_what_matched(place: Place) -> None:
    (hit,) = (await place.find("бухгалтер", what=["contacts"])).contacts
    assert (hit.snippet, hit.marks[0].offset, hit.marks[0].length) == ("главный бухгалтер", 8, 9)
    (named,) = (await place.find("Ivanov", what=["contacts"])).contacts
    assert named.snippet in ("Иванов Сергей", "ivanov@corp.ru")


async def test_changed_contacts_follow(place: Place) -> None:
    assert (await place.find("иванов", what=["contacts"])).contacts
    await place.sql(
        "UPDATE server.contact SET active = false, rev = server.next_contact_revision() WHERE cid = %s", BOB
    )
    assert (await place.find("иванов", what=["contacts"])).contacts == []


async def test_channels_that_the_caller_may_see(place: Place) -> None:
    await place.sql(
        "INSERT INTO server.channel (name, description, sought, closed, created, rev) VALUES "
        "('Новости', 'о заводе', 'новости о заводе', false, 1, 1),"
        "('Новости дирекции', '', 'новости дирекции', true, 1, 1)"
    )
    await place.sql(
        "INSERT INTO server.channel_member (channel, cid, role, subscribed, since) VALUES (2, %s, 'admin', true, 1)",
        BOB,
    )
    assert [hit.name for hit in (await place.find("новость", ALICE)).channels] == ["Новости"]
    assert [hit.name for hit in (await place.find("новост", BOB)).channels] == ["Новости дирекции", "Новости"]
    (hit,) = (await place.find("заводы", ALICE)).channels
    assert (hit.snippet, hit.marks[0].offset) == ("о заводе", 2)


async def test_what_can_be_asked(place: Place) -> None:
    for text in ("", "x" * 201):
        with pytest.raises(Invalid):
            await place.find(text)
    with pytest.raises(Invalid, match="'calls'"):
        await place.find("x", what=["calls"])
    await place.find("слово " * 30)


async def test_the_index_follows_in_batches_and_misses_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roschat.modules.server.search.index.BATCH", 3)
    numbers = [await place.say(f"пачка {n}") for n in range(8)]
    await place.change(numbers[0], "пачка снова")
    await place.change(numbers[7], "", deleted=1)
    followers = await asyncio.gather(*(place.index.follow() for _ in range(3)))
    assert any(followers)
    while await place.index.follow():
        pass
    assert len(await place.messages("пачка", count=50)) == 7
    async with place.db.reading() as tx:
        assert await tx.value("SELECT message_rev = server.last_revision() FROM server.search_cursor")


async def test_a_search_catches_up_with_what_waits(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roschat.modules.server.search.index.BATCH", 2)
    for number in range(9):
        await place.say(f"очередь {number}")
    assert len(await place.messages("очередь", count=50)) == 9


async def test_messages_go_before_the_index_and_all_is_indexed_in_the_end(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roschat.modules.server.search.index.BATCH", 2)
    monkeypatch.setattr("roschat.modules.server.search.index.PAUSE", 0)
    monkeypatch.setattr("roschat.modules.server.search.index.GATHER", 0)
    running = asyncio.create_task(place.index.run())
    try:
        async with asyncio.timeout(10), place.db.reading() as tx:
            for number in range(12):
                await place.say(f"поток {number}")
                place.index.wake()
            while await tx.value("SELECT count(*) FROM server.search_message") < 12:
                place.index.wake()
                await asyncio.sleep(0)
    finally:
        running.cancel()


async def test_the_loop_indexes_what_it_is_woken_for(place: Place) -> None:
    running = asyncio.create_task(place.index.run())
    try:
        await place.say("разбуди")
        place.index.wake()
        async with asyncio.timeout(10):
            while True:
                async with place.db.reading() as tx:
                    if await tx.value("SELECT count(*) FROM server.search_message"):
                        break
                await asyncio.sleep(0)
    finally:
        running.cancel()
