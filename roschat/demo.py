"""The first people of an empty installation: one to sign in with, or with --demo a small company that talks.

Everything goes through commands of the bus, as any client would do it. Passwords are made up once and printed once.
"""

import secrets
from typing import Any

from roschat.kernel.bus import Bus
from roschat.kernel.bus_codec import encode
from roschat.kernel.errors import Unavailable
from roschat.types import ContactId, DeviceId, Role, SessionId
from roschat.wire.declare import declared
from roschat.wire.message import SYSTEM, Caller

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without characters that look like others."""

PEOPLE = (
    ("ivanova", "Иванова", "Анна", "Сергеевна", "Генеральный директор", "Дирекция", "101"),
    ("petrov", "Петров", "Дмитрий", "Алексеевич", "Главный инженер", "Дирекция", "102"),
    ("sidorova", "Сидорова", "Мария", "Викторовна", "Бухгалтер", "Бухгалтерия", "110"),
    ("kuznetsov", "Кузнецов", "Олег", "Игоревич", "Системный администратор", "Отдел ИТ", "120"),
    ("smirnova", "Смирнова", "Елена", "Павловна", "Разработчик", "Отдел ИТ", "121"),
    ("popov", "Попов", "Андрей", "Николаевич", "Разработчик", "Отдел ИТ", "122"),
    ("volkova", "Волкова", "Ольга", "Дмитриевна", "Менеджер по продажам", "Отдел продаж", "130"),
    ("morozov", "Морозов", "Сергей", "Владимирович", "Менеджер по продажам", "Отдел продаж", "131"),
    ("lebedeva", "Лебедева", "Татьяна", "Андреевна", "Специалист по кадрам", "Отдел кадров", "140"),
    ("sokolov", "Соколов", "Павел", "Юрьевич", "Водитель", "Хозяйственный отдел", "150"),
)
"""Login, surname, name, patronymic, position, department, number. They are nobody in particular."""
GROUPS = (
    ("Отдел ИТ", "Всё о серверах и программах", ("kuznetsov", "smirnova", "popov", "petrov")),
    ("Обед", "Кто куда идёт в час дня", ("ivanova", "smirnova", "volkova", "morozov", "lebedeva", "sokolov")),
)
CHANNEL = ("Новости компании", "Объявления для всех сотрудников", "ivanova")
GREETINGS = (
    ("kuznetsov", "smirnova", "Елена, добрый день! Новый сервер сообщений работает."),
    ("smirnova", "kuznetsov", "Вижу, спасибо! Расскажу остальным."),
)
BOT = (
    "welcome",
    "Помощник новичка",
    "Расскажет, с чего начать",
    "Здравствуйте! Напишите мне, и я подскажу, с чего начать.",
)


def password() -> str:
    """A password that can be read out over the telephone; 60 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


async def first_credentials(bus: Bus, with_demo: bool) -> list[str]:
    """Fill an installation that knows no person yet; lines with the credentials, none when there was somebody.

    A process that does not run or reach the module of the directory does nothing.
    """
    try:
        known = await _call(bus, "list-contacts", {"kind": "person", "count": 1})
    except Unavailable:
        return []
    if known:
        return []
    if with_demo:
        return await _company(bus)
    login, secret = "admin", password()
    await _person(bus, login, secret, [("surname", "Администратор")])
    return [f"The first person may sign in: login {login}, password {secret}"]


async def _company(bus: Bus) -> list[str]:
    cids: dict[str, int] = {}
    lines = ["People of the demonstration may sign in (login, password):"]
    for login, surname, name, patronymic, position, department, number in PEOPLE:
        secret = password()
        card = [
            ("surname", surname), ("name", name), ("patronymic", patronymic), ("organisation", "Ромашка"),
            ("position", position), ("department", department), ("number", number), ("email", f"{login}@example.org"),
        ]  # fmt: skip
        cids[login] = await _person(bus, login, secret, card)
        lines.append(f"  {login:<10} {secret}   {surname} {name} {patronymic}")
    for title, description, logins in GROUPS:
        members = [cids[login] for login in logins]
        payload = {"name": title, "description": description, "members": members[1:]}
        await _call(bus, "create-group", payload, _as(members[0]))
    await _channel(bus, cids)
    for author, reader, text in GREETINGS:
        message = {"cid": cids[reader], "dataType": "text", "data": text}
        await _call(bus, "send-message", message, _as(cids[author]))
    bot = await _bot(bus)
    return [*lines, *bot]


async def _person(bus: Bus, login: str, secret: str, card: list[tuple[str, str]]) -> int:
    fields = [{"type": kind, "value": value} for kind, value in card]
    added = await _call(bus, "add-contact", {"fields": fields})
    await _call(bus, "add-account", {"cid": added.cid, "login": login, "password": secret})
    return int(added.cid)


async def _channel(bus: Bus, cids: dict[str, int]) -> None:
    name, description, owner = CHANNEL
    caller = _as(cids[owner])
    made = await _call(bus, "create-channel", {"name": name, "description": description}, caller)
    readers = [cid for login, cid in cids.items() if login != owner]
    payload = {"chId": made.ch_id, "members": readers, "role": "subscriber"}
    await _call(bus, "add-channel-members", payload, caller)
    news = {
        "chId": made.ch_id,
        "title": "Мы переехали",
        "text": "Теперь вся переписка компании живёт на своём сервере.",
    }
    await _call(bus, "send-publication", news, caller)


async def _bot(bus: Bus) -> list[str]:
    name, title, description, greeting = BOT
    payload = {"name": name, "title": title, "description": description, "greeting": greeting}
    try:
        made = await _call(bus, "add-bot", {**payload, "commands": ["/start - с чего начать"]})
    except Unavailable:
        return []
    return [f"Bot {name}: token {made.token}"]


def _as(cid: int) -> Caller:
    return Caller(role=Role.PERSON, cid=ContactId(cid), session=SessionId("demo"), device=DeviceId("demo"))


async def _call(bus: Bus, name: str, payload: dict[str, Any], caller: Caller = SYSTEM) -> Any:
    declaration = declared(name)
    if declaration is None:
        raise Unavailable(f"No module declares {name}.")
    return await bus.call(declaration.decode(encode(payload)), caller, 60.0)
