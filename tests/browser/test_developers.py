"""The developers' panel in a real browser: sign in, make a bot, use its token with a real client, renew it."""

import io
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.clients.program import bot
from tests.harness.client import Client
from tests.harness.server import Server

OpenPage = Callable[..., Coroutine[Any, Any, Page]]
Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]
PASSWORD = "a good password"


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (64, 64), "#22884a").save(kept, "PNG")
    return kept.getvalue()


async def sign_in(page: Page, server: Server, login: str, path: str = "/developers", *, remember: bool = False) -> None:
    await page.goto(server.url("https") + path)
    await expect(page.get_by_role("heading", name="Вход в систему")).to_be_visible()
    await page.get_by_label("Логин").fill(login)
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    if remember:
        await page.get_by_label("Запомнить?").check()
    await page.get_by_role("button", name="Войти").click()
    await expect(page.get_by_placeholder("Поиск")).to_be_visible()


async def add_bot(page: Page, name: str, title: str, **more: str) -> None:
    await page.get_by_role("button", name="ДОБАВИТЬ", exact=True).click()
    dialog = page.get_by_role("dialog", name="Параметры бота")
    await expect(dialog.get_by_text("*Обязательные поля")).to_be_visible()
    for label, value in {"Название": title, "Имя": name, **more}.items():
        await dialog.get_by_label(label).fill(value)
    await dialog.get_by_role("button", name="ДОБАВИТЬ").click()
    await expect(dialog).to_be_hidden()


def details(page: Page, name: str) -> Locator:
    return page.locator(f"[data-details={name}]")


async def token_of(page: Page, name: str) -> str:
    return (await details(page, name).get_by_test_id("token").inner_text()).strip()


@pytest.mark.parametrize("path", ["/developer", "/developers"])
async def test_the_panel_asks_who_it_is(server: Server, page: Page, path: str, accessibility: Accessibility) -> None:
    await server.ask("add-developer", {"login": "dev", "password": PASSWORD})
    await page.goto(server.url("https") + path)
    await expect(page).to_have_title("Панель разработчика")
    assert await accessibility(page) == []
    await page.get_by_label("Логин").fill("dev")
    await page.get_by_label("Пароль", exact=True).fill("wrong")
    await page.get_by_role("button", name="Показать или скрыть пароль").click()
    await expect(page.get_by_label("Пароль", exact=True)).to_have_attribute("type", "text")
    await page.get_by_label("Пароль", exact=True).press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("Неверный логин или пароль")
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Войти").click()
    await expect(page.get_by_text("Ботов пока нет")).to_be_visible()
    assert await accessibility(page) == []
    await page.get_by_role("button", name="Выйти").click()
    await expect(page.get_by_role("button", name="Войти")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="Войти")).to_be_visible()


async def test_a_bot_is_made_used_and_given_a_new_token(
    server: Server, open_page: OpenPage, accessibility: Accessibility
) -> None:
    await server.ask("add-developer", {"login": "dev", "password": PASSWORD, "name": "Разработчик"})
    page = await open_page(permissions=["clipboard-read", "clipboard-write"])
    await sign_in(page, server, "dev")
    await page.get_by_role("button", name="ДОБАВИТЬ", exact=True).click()
    dialog = page.get_by_role("dialog", name="Параметры бота")
    await dialog.get_by_label("Имя").fill("эхо")
    await dialog.get_by_label("Команды").fill("start")
    await dialog.get_by_role("button", name="ДОБАВИТЬ").click()
    for complaint in ("Введите название", "латинских букв, цифр и знаков _ . -, первая", "Строка «start»"):
        await expect(dialog.get_by_text(complaint)).to_be_visible()
    assert await accessibility(page) == []
    await dialog.get_by_label("Название").fill("Эхо")
    await dialog.get_by_label("Имя").fill("echo")
    await dialog.get_by_label("Приветствие").fill("Здравствуйте!")
    await dialog.get_by_label("Команды").fill("/start - Начать\n/stop - Закончить\n")
    async with page.expect_file_chooser() as chooser:
        await dialog.get_by_role("button", name="Иконка: Выбрать").click()
    await (await chooser.value).set_files({"name": "i.png", "mimeType": "image/png", "buffer": picture()})
    await expect(dialog.locator("img")).to_be_visible()
    await dialog.get_by_role("button", name="ДОБАВИТЬ").click()
    await expect(dialog).to_be_hidden()

    shown = details(page, "echo")
    await expect(shown).to_contain_text("Здравствуйте!")
    await expect(shown).to_contain_text("/stop - Закончить")
    await expect(shown.get_by_test_id("online")).to_have_text("Не подключён")
    assert (
        await page.locator("[data-bot=echo] img").evaluate("image => image.decode().then(() => image.naturalWidth)")
        == 64
    )
    assert await accessibility(page) == []
    token = await token_of(page, "echo")
    assert len(token) == 64
    await shown.get_by_role("button", name="Скопировать токен").first.click()
    assert await page.evaluate("navigator.clipboard.readText()") == token

    certificate = server.program.config.data / "certificates" / "certificate.pem"
    alice = await server.person("alice")
    async with bot("js-2", server.url("https"), certificate, "echo", token) as echo:
        assert await echo.hear("started") == [{}]
        await expect(shown.get_by_test_id("online")).to_have_text("Подключён: 1 сокет")
        async with Client(server.url("websocket")) as client:
            await client.call("login", {"login": "alice", "password": PASSWORD, "APILevel": 9})
            assert (await echo.call("send-bot-message", {"cid": alice, "data": "привет"}))["id"]
            assert (await client.next("message-event"))["data"] == "привет"
        await shown.get_by_role("button", name="НОВЫЙ ТОКЕН").click()
        await page.get_by_role("dialog", name="Выпустить новый токен?").get_by_role("button", name="Выпустить").click()
        await echo.hear("disconnect")
    await expect(shown.get_by_test_id("token")).not_to_have_text(token)
    renewed = await token_of(page, "echo")
    async with bot("js-2", server.url("https"), certificate, "echo", token) as old:
        assert (await old.hear("started"))[0]["error"] == "bad-token"
    async with bot("js-4", server.url("https"), certificate, "echo", renewed) as echo:
        assert await echo.hear("started") == [{}]

    await page.reload()
    await page.get_by_role("button", name="Показать бота Эхо").click()
    await expect(shown).to_contain_text("Хранится только хеш токена")
    await expect(shown.get_by_test_id("token")).to_have_count(0)


async def test_bots_are_found_changed_and_deleted(server: Server, page: Page) -> None:
    await server.ask("add-developer", {"login": "dev", "password": PASSWORD})
    await sign_in(page, server, "dev", "/developer", remember=True)
    [cookie] = [one for one in await page.context.cookies() if one.get("name") == "roschat_developer"]
    assert cookie.get("httpOnly")
    assert cookie.get("secure")
    assert cookie.get("sameSite") == "Strict"
    assert cookie.get("expires", -1) > 0
    await add_bot(page, "echo", "Эхо", Описание="Повторяет за вами")
    await add_bot(page, "news", "Новости")
    for column in ("ID", "Иконка", "Имя", "Название", "Описание"):
        await expect(page.get_by_role("columnheader", name=column, exact=True)).to_be_visible()
    await page.get_by_placeholder("Поиск").fill("повторяет")
    await expect(page.locator("[data-bot]")).to_have_count(1)
    await page.get_by_role("button", name="Показать бота Эхо").press("Enter")
    await details(page, "echo").get_by_role("button", name="РЕДАКТИРОВАТЬ").click()
    dialog = page.get_by_role("dialog", name="Параметры бота")
    await dialog.get_by_label("Имя").fill("news")
    await dialog.get_by_role("button", name="СОХРАНИТЬ").click()
    await expect(dialog.get_by_text("Это имя занято")).to_be_visible()
    await dialog.get_by_label("Имя").fill("parrot")
    await dialog.get_by_role("button", name="СОХРАНИТЬ").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator("[data-bot=parrot]")).to_be_visible()
    await page.get_by_placeholder("Поиск").fill("")
    await details(page, "parrot").get_by_role("button", name="УДАЛИТЬ").click()
    await page.get_by_role("dialog", name="Удалить бота?").get_by_role("button", name="Удалить").click()
    await expect(page.locator("[data-bot]")).to_have_count(1)
    assert [one["name"] for one in await server.ask("list-bots")] == ["news"]


async def test_the_panel_is_english_dark_and_narrow_when_wished(
    server: Server, open_page: OpenPage, accessibility: Accessibility
) -> None:
    await server.ask("add-developer", {"login": "dev", "password": PASSWORD})
    wide = {"width": 320, "height": 640}
    page = await open_page(locale="en-US", color_scheme="dark", viewport=wide)
    await page.goto(server.url("https") + "/developers/")
    await expect(page.get_by_label("Login")).to_be_visible()
    assert await accessibility(page) == []
    await page.get_by_label("Login").fill("dev")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="ADD", exact=True).click()
    dialog = page.get_by_role("dialog", name="Bot settings")
    await dialog.get_by_label("Title").fill("Echo with quite a long title that has to fit")
    await dialog.get_by_label("Name").fill("echo_with_a_rather_long_name_too")
    await dialog.get_by_role("button", name="ADD").click()
    await expect(page.get_by_test_id("token")).to_be_visible()
    await expect(dialog).to_have_count(0)
    assert await accessibility(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await page.get_by_text("RU", exact=True).click()
    await expect(page.get_by_role("button", name="НОВЫЙ ТОКЕН")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "ru"


async def test_developers_see_their_own_bots_alone(server: Server, open_page: OpenPage) -> None:
    for login in ("ann", "ben"):
        await server.ask("add-developer", {"login": login, "password": PASSWORD})
    ann, ben = await open_page(), await open_page()
    await sign_in(ann, server, "ann")
    await add_bot(ann, "anns", "Бот Анны")
    await sign_in(ben, server, "ben")
    await expect(ben.get_by_text("Ботов пока нет")).to_be_visible()
    [mine] = await server.ask("list-bots")
    status = await ben.evaluate(
        "async cid => (await fetch('/developers/api/bots/' + cid, {method: 'DELETE',"
        " headers: {'content-type': 'application/json'}, body: '{}'})).status",
        mine["cid"],
    )
    assert status == 404
    # Another site can send no JSON: a form's type is refused.
    status = await ann.evaluate(
        "async cid => (await fetch(`/developers/api/bots/${cid}/token`, {method: 'POST', body: '{}'})).status",
        mine["cid"],
    )
    assert status == 400
