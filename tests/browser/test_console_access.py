"""Users, journal, own account and keys of the console in a real browser, and the sign-in with its refusals."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

import pyotp
import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.console import PASSWORD, OpenConsole, add_user, console, opened, sign_in
from tests.harness.server import Server

__all__ = ["console"]

Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]
NEW_PASSWORD = "nine blue horses"


def row(page: Page, login: str) -> Locator:
    """The row of a user."""
    return page.get_by_role("row").filter(has=page.get_by_role("cell", name=login, exact=True))


async def refused(page: Page, text: str) -> None:
    """The sign-in form tells why it did not let anybody in."""
    await expect(page.get_by_text(text)).to_be_visible()
    await expect(page.get_by_role("button", name="Войти")).to_be_visible()


async def test_users_are_added_changed_and_deleted(
    server: Server, console: OpenConsole, page: Page, accessibility: Accessibility
) -> None:
    security = await console("security", "/settings/users")
    assert await accessibility(security) == []
    await security.get_by_role("button", name="Добавить пользователя").click()
    dialog = security.get_by_role("dialog", name="Добавление пользователя")
    await dialog.get_by_role("combobox", name="Роль").click()
    roles = ["Администратор безопасности", "Администратор", "Оператор"]
    await expect(security.get_by_role("option")).to_have_text(roles)
    await security.get_by_role("option", name="Оператор").click()
    assert await accessibility(security) == []
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Введите значение")).to_have_count(3)
    for label, text in {"Фамилия": "Новиков", "Имя": "Олег", "Отчество": "Ильич", "Логин": "новиков"}.items():
        await dialog.get_by_role("textbox", name=label, exact=True).fill(text)
    await dialog.locator("[name=password]").fill("1234567890")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Значение неверно")).to_have_count(1)
    await dialog.get_by_role("textbox", name="Логин", exact=True).fill("novikov")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Слишком простой пароль")).to_be_visible()
    await dialog.locator("[name=password]").fill(PASSWORD)
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_be_hidden()
    await expect(row(security, "novikov")).to_contain_text("Новиков Олег Ильич")
    await sign_in(page, server, "novikov")
    await opened(page)

    await security.get_by_role("button", name="Редактировать novikov").click()
    dialog = security.get_by_role("dialog", name="Редактирование пользователя")
    await expect(dialog.get_by_role("textbox", name="Логин", exact=True)).to_be_disabled()
    await dialog.get_by_role("textbox", name="Фамилия", exact=True).fill("Старков")
    await dialog.get_by_role("button", name="Отменить").click()
    await expect(row(security, "novikov")).to_contain_text("Новиков")
    await security.get_by_role("button", name="Редактировать novikov").click()
    await dialog.get_by_role("switch", name="Может входить").click()
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(row(security, "novikov")).to_contain_text("Отключён")
    await page.reload()
    await sign_in(page, server, "novikov")
    await refused(page, "Неверный логин или пароль")

    await security.get_by_role("button", name="Удалить novikov").click()
    question = security.get_by_role("dialog", name="Подтвердите свои действия")
    await question.get_by_role("button", name="Отмена").click()
    await expect(row(security, "novikov")).to_be_visible()
    await security.get_by_role("button", name="Удалить novikov").click()
    await question.get_by_role("button", name="Продолжить").click()
    await expect(row(security, "novikov")).to_have_count(0)


async def test_the_last_security_administrator_cannot_be_deleted(server: Server, console: OpenConsole) -> None:
    page = await console("security", "/settings/users")
    for login in ("admin", "test.security"):
        await page.get_by_role("button", name=f"Удалить {login}").click()
        await page.get_by_role("button", name="Продолжить").click()
    await expect(
        page.get_by_text("last active security administrator").or_(page.get_by_text("Недостаточно прав"))
    ).to_be_visible()
    await expect(row(page, "admin")).to_have_count(0)
    await expect(row(page, "test.security")).to_be_visible()


async def test_sessions_of_a_user_are_ended(server: Server, console: OpenConsole) -> None:
    admin = await console("admin", "/account")
    security = await console("security", "/settings/users")
    await security.get_by_role("button", name="Сеансы test.admin").click()
    dialog = security.get_by_role("dialog", name="Сеансы: test.admin")
    await expect(dialog).to_contain_text("127.0.0.1")
    await dialog.get_by_role("button", name="Завершить все").click()
    await expect(dialog.get_by_text("Открытых сеансов нет.")).to_be_visible()
    await admin.reload()
    await expect(admin.get_by_role("button", name="Войти")).to_be_visible()


@pytest.mark.parametrize(
    ("role", "sees", "not_"),
    [
        ("security", ["/settings/users", "/security/audit", "/security/keys"], ["/settings/web-server", "/directory"]),
        ("admin", ["/settings/web-server"], ["/settings/users", "/security/audit", "/security/keys"]),
        ("operator", ["/account"], ["/settings/users", "/security/audit", "/security/keys", "/settings/web-server"]),
    ],
)
async def test_each_role_sees_only_its_pages(
    server: Server, console: OpenConsole, role: str, sees: list[str], not_: list[str]
) -> None:
    page = await console(role, "/account")
    links = await page.eval_on_selector_all("nav a", "links => links.map(link => link.getAttribute('href'))")
    for path in not_:
        assert path not in links
        await page.goto(server.url("console") + path)
        await expect(
            page.get_by_role("button", name=re.compile("Добавить пользователя|Скачать CSV|Создать ключ"))
        ).to_have_count(0)
    for path in sees:
        assert path == "/account" or path in links
    answer = await page.request.get(server.url("console") + "/api/v1/users")
    assert answer.status == (200 if role == "security" else 403)


async def test_guessing_makes_wait(server: Server, page: Page) -> None:
    await add_user(server, "victim", "admin")
    for _ in range(5):
        await sign_in(page, server, "victim", "wrong horse battery")
        await refused(page, "Неверный логин или пароль")
    await sign_in(page, server, "victim")
    await refused(page, "Слишком много попыток")


async def test_the_first_password_must_be_changed_first(server: Server, page: Page) -> None:
    await sign_in(page, server, "admin", "123456", "/settings/users")
    await page.get_by_label(re.compile("Новый пароль")).first.fill(NEW_PASSWORD)
    await expect(page.get_by_role("button", name="Добавить пользователя")).to_have_count(0)
    answer = await page.request.get(server.url("console") + "/api/v1/users")
    assert answer.status == 403
    assert (await answer.json())["error"] == "password-must-change"


async def test_totp_is_set_up_and_asked(
    server: Server, console: OpenConsole, page: Page, accessibility: Accessibility
) -> None:
    mine = await console("operator", "/account")
    assert await accessibility(mine) == []
    await mine.get_by_role("button", name="Включить коды приложения").click()
    await mine.get_by_role("dialog").locator("[name=password]").fill("wrong")
    await mine.get_by_role("button", name="Далее").click()
    await expect(mine.get_by_text("Неверный пароль")).to_be_visible()
    await mine.get_by_role("dialog").locator("[name=password]").fill(PASSWORD)
    await mine.get_by_role("button", name="Далее").click()
    picture = mine.get_by_role("img", name="QR-код с ключом")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth") > 0, "the picture is drawn"
    assert await accessibility(mine) == []
    totp = pyotp.TOTP((await mine.locator("[data-secret]").inner_text()).replace(" ", ""))
    code = mine.get_by_role("dialog").get_by_label("Код из приложения")
    await code.fill("12")
    await mine.get_by_role("button", name="Включить", exact=True).click()
    await expect(mine.get_by_text("Значение неверно")).to_be_visible()
    now = int(server.program.clock.now())
    await code.fill(totp.at(now - 30))
    await mine.get_by_role("button", name="Включить", exact=True).click()
    await expect(mine.locator("[data-codes] code")).to_have_count(10)
    codes = await mine.locator("[data-codes] code").all_inner_texts()
    await mine.get_by_role("button", name="Я сохранил коды").click()
    await expect(mine.get_by_text("Осталось 10 кодов")).to_be_visible()

    for given in (totp.at(now), codes[0]):
        await page.context.clear_cookies()
        await sign_in(page, server, "test.operator", path="/account")
        field = page.get_by_label(re.compile("Код"))
        await field.fill("000")
        await page.get_by_role("button", name="Подтвердить").click()
        await expect(page.get_by_text("Код не подходит")).to_be_visible()
        await field.fill(given)
        await page.get_by_role("button", name="Подтвердить").click()
        await opened(page)
    await expect(page.get_by_text("Осталось 9 кодов")).to_be_visible()
    await page.get_by_role("button", name="Выключить").click()
    await page.get_by_role("dialog").locator("[name=password]").fill(PASSWORD)
    await page.get_by_role("dialog").get_by_role("button", name="Выключить").click()
    await expect(page.get_by_text("Второй фактор выключен")).to_be_visible()


async def test_ones_own_password_and_sessions(server: Server, console: OpenConsole, page: Page) -> None:
    mine = await console("operator", "/account")
    await sign_in(page, server, "test.operator", path="/account")
    await opened(page)
    await mine.reload()
    await expect(mine.get_by_role("button", name="Завершить", exact=True)).to_have_count(1)
    await mine.get_by_role("button", name="Сменить пароль").click()
    dialog = mine.get_by_role("dialog", name="Сменить пароль")
    await dialog.locator("[name=oldPassword]").fill("wrong")
    await dialog.locator("[name=newPassword]").fill(NEW_PASSWORD)
    await dialog.locator("[name=repeat]").fill("another")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Пароли не совпадают")).to_be_visible()
    await dialog.locator("[name=repeat]").fill(NEW_PASSWORD)
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Неверный пароль")).to_be_visible()
    await dialog.locator("[name=oldPassword]").fill(PASSWORD)
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(mine.get_by_text("Пароль изменён")).to_be_visible()
    await expect(mine.get_by_role("button", name="Завершить", exact=True)).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("button", name="Войти")).to_be_visible()


async def test_the_journal_shows_who_changed_what(
    server: Server, console: OpenConsole, accessibility: Accessibility
) -> None:
    number = await add_user(server, "changed", "operator")
    page = await console("security", "/security/audit")
    base = server.url("console") + "/api/v1"
    change = {"role": "admin", "surname": "Проверкин"}
    answer = await page.request.put(f"{base}/users/{number}", data=change)
    assert answer.ok
    await page.reload()
    await page.get_by_role("button", name=re.compile("console-user-change.*changed")).click()
    details = page.get_by_role("row", name="role")
    await expect(details).to_contain_text("operator")
    await expect(details).to_contain_text("admin")
    await expect(page.get_by_role("row", name="surname")).to_have_count(0)
    assert await accessibility(page) == []
    await page.locator("input").and_(page.get_by_label("Действие")).click()
    await page.get_by_role("option", name="sign-in", exact=True).click()
    await expect(page.locator("[data-entry]").filter(has_text="console-user-change")).to_have_count(0)
    await page.get_by_label("Объект").fill("nobody at all")
    await expect(page.get_by_text("Записей нет")).to_be_visible()
    await page.get_by_label("Объект").fill("")
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="Скачать CSV").click()
    saved = await waiting.value
    assert saved.suggested_filename == "audit.csv"
    text = (await saved.path()).read_text("utf-8-sig")
    assert text.startswith("id;time;who")
    assert "console-user-change" not in text, "what is filtered is saved"


async def test_keys_are_made_once_shown_and_deleted(
    server: Server, console: OpenConsole, accessibility: Accessibility
) -> None:
    page = await console("security", "/security/keys")
    assert await accessibility(page) == []
    await page.get_by_role("button", name="Создать ключ").click()
    dialog = page.get_by_role("dialog", name="Новый ключ")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Введите значение")).to_be_visible()
    await dialog.get_by_label("Название").fill("мониторинг")
    await dialog.get_by_label("Действует, дней").fill("-1")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Слишком маленькое значение")).to_be_visible()
    await dialog.get_by_label("Действует, дней").fill("30")
    await dialog.get_by_role("button", name="Сохранить").click()
    key = await page.locator("[data-key]").inner_text()
    assert await accessibility(page) == []
    await page.get_by_role("button", name="Готово").click()
    await expect(page.get_by_role("row", name=re.compile("мониторинг"))).to_contain_text("Только чтение")
    url = server.url("console") + "/api/v1/jobs"
    headers = {"authorization": f"Bearer {key}"}
    assert (await page.request.get(url, headers=headers)).status == 200
    await page.get_by_role("button", name="Удалить мониторинг").click()
    await page.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    await expect(page.get_by_text("Ключей пока нет")).to_be_visible()
    assert (await page.request.get(url, headers=headers)).status == 401


async def test_the_pages_speak_english_and_fit_a_narrow_screen(
    server: Server, console: OpenConsole, accessibility: Accessibility
) -> None:
    page = await console(
        "security", "/settings/users", locale="en-US", color_scheme="dark", viewport={"width": 360, "height": 740}
    )
    for path, heading in {
        "/settings/users": "Users",
        "/security/audit": "Journal of changes",
        "/security/keys": "API keys",
        "/account": "My account",
    }.items():
        await page.goto(server.url("console") + path)
        await expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        text = await page.locator("main").inner_text()
        assert not re.search("[а-яё]{4}", re.sub("Проверкин|Администратор", "", text), re.IGNORECASE), text
        assert await accessibility(page) == []


async def test_the_page_of_the_api(server: Server, console: OpenConsole, accessibility: Accessibility) -> None:
    page = await console("security", "/security/keys")
    await page.goto(server.url("console") + "/api/docs")
    await page.get_by_label("Найти").fill("list-console-users")
    await page.locator("#list-console-users > summary").click()
    assert await accessibility(page) == []
    await page.get_by_role("button", name="Отправить GET").click()
    await expect(page.locator("pre").last).to_contain_text("test.security")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("API of the management system")
