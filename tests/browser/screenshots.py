"""Takes the pictures in docs/images of the web client and the console: a server with the demonstration data, and more.

Run by scripts/screenshots, after a change of how the client looks. What is on the pictures is written here, so that
they look alike every time.
"""

import asyncio
import io
import json
import re
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from roschat.demo import PEOPLE
from tests.browser.conftest import FLAGS, chromium
from tests.harness.client import Client
from tests.harness.load import ask
from tests.harness.server import FREE_PORTS, ROOT, command, environment

IMAGES = ROOT / "docs/images"
MOST = 200 * 1024
"""Bytes of a picture."""
START = 120.0
SETTLING = 2000
"""Milliseconds in which charts and lists of the console are drawn."""
CREDENTIALS = re.compile(r"^  (\w+) +(\S+)   ", re.MULTILINE)

READER = "smirnova"
TALK = (
    ("kuznetsov", "Сегодня в **18:00** обновляю сервер, перерыв минут на пять."),
    ("popov", "Успею выложить сборку до этого?"),
    ("kuznetsov", "Да, до пяти точно."),
    ("smirnova", "Проверю вход и почту сразу после. Список проверок: https://wiki.example.org/checks"),
    ("petrov", "Спасибо! Напишите сюда, когда закончите."),
)
LATER = (("popov", "Сборка выложена, тесты прошли."), ("smirnova", "Вижу. Запускаю проверки."))
OTHERS = (
    ("volkova", "Отправила договор на согласование"),
    ("lebedeva", "График отпусков готов, посмотрите, пожалуйста"),
    ("morozov", "Клиент подтвердил встречу в четверг"),
)
VIEWS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("client-ru-light", {"locale": "ru-RU", "viewport": {"width": 1280, "height": 800}}, "Отдел ИТ"),
    ("client-en-dark", {"locale": "en-US", "color_scheme": "dark", "viewport": {"width": 1280, "height": 800}},
     "Отдел ИТ"),
    ("client-ru-phone", {"locale": "ru-RU", "viewport": {"width": 360, "height": 740}}, ""),
)  # fmt: skip

CONSOLE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("console-ru-light", "/directory", {"locale": "ru-RU", "viewport": {"width": 1280, "height": 800}}),
    ("console-en-dark", "/monitor",
     {"locale": "en-US", "color_scheme": "dark", "viewport": {"width": 1280, "height": 800}}),
)  # fmt: skip
ADMIN = {"login": "admin.pictures", "password": "quiet-harbour-27", "role": "admin", "surname": "Орлова"}


def body(text: str) -> dict[str, str]:
    """A text with one bold stretch in ** as a message."""
    parts = text.split("**")
    if len(parts) == 1:
        return {"dataType": "text", "data": text}
    entity = {"type": "bold", "offset": len(parts[0]), "length": len(parts[1])}
    return {"dataType": "data", "data": json.dumps({"type": "text", "text": "".join(parts), "entities": [entity]})}


class People:
    """Those who write, each on a socket of his own."""

    def __init__(self, url: str, passwords: dict[str, str]) -> None:
        self._url = url
        self._passwords = passwords
        self._sockets: dict[str, Client] = {}
        self.cids: dict[str, int] = {}

    async def socket(self, login: str) -> Client:
        """The socket of somebody, signed in."""
        if login not in self._sockets:
            socket = await Client(self._url).connect()
            request = {"login": login, "password": self._passwords[login], "APILevel": 9}
            self.cids[login] = (await socket.call("login", request))["uid"]
            self._sockets[login] = socket
        return self._sockets[login]

    async def say(self, login: str, text: str, **where: object) -> int:
        """Send a message; its id."""
        sent = await (await self.socket(login)).call("send-message", {**where, **body(text)})
        return int(sent["id"])

    async def close(self) -> None:
        """Hang up."""
        for socket in self._sockets.values():
            await socket.close()


async def fill(people: People) -> None:
    """The conversations of the pictures."""
    reader = await people.socket(READER)
    me = people.cids[READER]
    chats = (await reader.call("get-chats", {}))["chats"]
    [group] = [chat["cid"] for chat in chats if chat.get("name") == "Отдел ИТ"]
    where = {"cid": group, "cidType": "group"}
    for login, text in OTHERS:
        await people.say(login, text, cid=me)
    ids = [await people.say(login, text, **where) for login, text in TALK]
    poll = {**where, "question": "Когда удобнее обновлять?", "options": ["Вечером", "Утром", "В выходные"]}
    made = await (await people.socket("kuznetsov")).call("create-poll", poll)
    for login, option in (("popov", 0), ("petrov", 0), ("smirnova", 2)):
        await (await people.socket(login)).call("vote-poll", {"pollId": made["pollId"], "options": [option]})
    for login, text in LATER:
        ids.append(await people.say(login, text, **where, replyId=ids[0] if login == "popov" else 0))
    for login in ("kuznetsov", "popov", "petrov"):
        await (await people.socket(login)).call("message-watched", {"id": ids[-1]})


async def look(browser: Browser, url: str, password: str, options: dict[str, Any], chat: str) -> Page:
    """The client of the reader, with a conversation open or with the list alone."""
    context = await browser.new_context(ignore_https_errors=True, reduced_motion="reduce", **options)
    page = await context.new_page()
    await page.goto(url)
    await page.locator("footer button").first.click()
    await page.locator("input[name=login]").fill(READER)
    await page.locator("input[name=password]").fill(password)
    await page.locator("button[type=submit]").click()
    await page.locator("[data-chat]").first.wait_for()
    if chat:
        await page.locator("[data-chat]").filter(has_text=chat).click()
        await page.locator("article").filter(has_text=LATER[-1][1]).wait_for()
        await page.locator("[data-poll]").wait_for()
    await page.mouse.move(2, 2)
    await page.evaluate("document.fonts.ready")
    await page.wait_for_load_state("networkidle")
    return page


def save(name: str, picture: bytes) -> None:
    """Keep a picture, with fewer colours when it is too large."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    kept = io.BytesIO()
    image.save(kept, "PNG", optimize=True)
    if kept.tell() > MOST:
        kept = io.BytesIO()
        image.quantize(256).save(kept, "PNG", optimize=True)
    assert kept.tell() <= MOST, f"{name}.png is {kept.tell()} bytes, more than {MOST}"
    (IMAGES / f"{name}.png").write_bytes(kept.getvalue())


async def look_at_console(browser: Browser, url: str, path: str, options: dict[str, Any]) -> Page:
    """A page of the console, as an administrator sees it."""
    context = await browser.new_context(ignore_https_errors=True, reduced_motion="reduce", **options)
    page = await context.new_page()
    for way, asked in (("session", ADMIN), ("wizard", {"open": False})):
        send = page.request.post if way == "session" else page.request.put
        fields = {key: asked[key] for key in ("login", "password")} if way == "session" else asked
        answer = await send(f"{url}/api/v1/{way}", data=fields)
        assert answer.ok, await answer.text()
    await page.goto(url + path)
    await page.locator("[data-page-title]").wait_for()
    await page.evaluate("document.fonts.ready")
    await page.wait_for_timeout(SETTLING)
    return page


async def photograph(url: str, console: str, passwords: dict[str, str]) -> None:
    """All pictures."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS, headless=True)
        for name, options, chat in VIEWS:
            page = await look(browser, url, passwords[READER], options, chat)
            save(name, await page.screenshot())
            await page.context.close()
        for name, path, options in CONSOLE:
            page = await look_at_console(browser, console, path, options)
            save(name, await page.screenshot())
            await page.context.close()
        await browser.close()


async def main() -> None:
    """Start a server in a folder of its own, fill it, photograph it, end it."""
    data = Path(tempfile.mkdtemp(prefix="roschat-screenshots-"))
    process = await asyncio.create_subprocess_exec(
        *command("run", "--data", str(data), "--ports", FREE_PORTS, "--bind", "127.0.0.1", "--demo"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment(),
    )
    assert process.stdout is not None
    try:
        output = ""
        async with asyncio.timeout(START):
            while "roschat is ready" not in output:
                line = await process.stdout.readline()
                assert line, f"the server did not start:\n{output}"
                output += line.decode()
        ready = json.loads((data / "run" / "ready.json").read_text())
        url = "https://" + ready["listeners"]["https"][0]
        passwords = dict(CREDENTIALS.findall(output))
        assert len(passwords) == len(PEOPLE), output
        people = People(url, passwords)
        await fill(people)
        await ask(data / "run" / "control.sock", "add-console-user", ADMIN)
        await photograph(url, "https://" + ready["listeners"]["console"][0], passwords)
        await people.close()
    finally:
        process.send_signal(signal.SIGTERM)
        await process.communicate()
        shutil.rmtree(data)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
