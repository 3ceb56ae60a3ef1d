"""People make their own accounts, as far as the administrator lets them."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.client.letters import another, code_of, configure
from tests.browser.client.visitor import PASSWORD, Accessibility, OpenClient, Visitor
from tests.harness.mail import PostOffice
from tests.harness.server import Server

EMAIL = "novikova@example.org"
FORM = {"E-mail": EMAIL, "Фамилия": "Новикова", "Пароль": PASSWORD, "Пароль ещё раз": PASSWORD}


def register(page: Page) -> Locator:
    """The way to the form, and the button in it."""
    return page.get_by_role("button", name="Зарегистрироваться")


async def fill(page: Page, **values: str) -> None:
    for label, value in {**FORM, **values}.items():
        await page.get_by_label(label, exact=True).fill(value)


async def apply(client: Visitor, **values: str) -> None:
    """Send the filled form."""
    await client.page.goto(client.url)
    await register(client.page).click()
    await fill(client.page, **values)
    await register(client.page).click()


async def prove(page: Page, code: str) -> None:
    await page.get_by_label("Код из письма").fill(code)
    await page.get_by_role("button", name="Подтвердить").click()


async def at_fault(field: Locator, words: str) -> None:
    """The field is marked and its words are read out with it, before what always stands there."""
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(re.compile(f"^{words}"))


async def wishes(server: Server) -> list[dict[str, object]]:
    found: list[dict[str, object]] = await server.ask("list-registrations")
    return found


async def test_the_way_is_shown_only_while_it_is_open(server: Server, open_client: OpenClient) -> None:
    client = await open_client()
    page = client.page
    async with page.expect_websocket() as socket:
        await page.goto(client.url)
    if not (await socket.value).is_closed():
        await (await socket.value).wait_for_event("close")
    await expect(page.get_by_text("Ввести логин и пароль")).to_be_visible()
    await expect(register(page)).to_have_count(0)

    await configure(server, "server.registration", {"on": True})
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await register(page).click()
    await fill(page)
    await configure(server, "server.registration", {"on": False})
    await register(page).click()
    await expect(page.get_by_role("alert")).to_contain_text("Сейчас создать учётную запись нельзя.")
    await page.get_by_role("button", name="Назад").click()
    await page.reload()
    await expect(page.get_by_text("Ввести логин и пароль")).to_be_visible()
    await expect(register(page)).to_have_count(0)


async def test_a_proved_address_leads_straight_in_and_the_device_is_known(
    server: Server, office: PostOffice, open_client: OpenClient, accessibility: Accessibility
) -> None:
    await configure(server, "server.registration", {"on": True, "approve": False})
    client = await open_client()
    page = client.page
    await apply(client, **{"Имя (необязательно)": "Вера"})
    await expect(page.get_by_text(f"Письмо с кодом отправлено на {EMAIL}. Код действует 10 минут.")).to_be_visible()
    await expect(page.get_by_label("Код из письма")).to_be_focused()
    assert await accessibility(page) == []
    code = await code_of(office, EMAIL)
    await prove(page, another(code))
    await expect(page.get_by_role("alert")).to_have_text("Код неверный или устарел. Посмотрите самое новое письмо.")
    await expect(page.get_by_label("Код из письма")).to_be_focused()
    await prove(page, code)
    await client.inside()
    await client.go("/more/profile")
    await expect(page.get_by_text("Новикова Вера").first).to_be_visible()

    await client.sign_out()
    await client.sign_in(EMAIL)
    assert office.asked == [EMAIL]


async def test_another_code_can_be_asked_for_after_a_minute(
    server: Server, office: PostOffice, open_client: OpenClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roschat.modules.server.registration.service.PAUSE", 0.0)
    await configure(server, "server.registration", {"on": True, "approve": False})
    client = await open_client()
    page = client.page
    await page.clock.install()
    await apply(client)
    first = await code_of(office, EMAIL)
    again = page.get_by_role("button", name="Отправить код ещё раз")
    await expect(page.get_by_text("Отправить ещё раз можно через")).to_be_visible()
    await expect(again).to_have_count(0)
    await page.clock.fast_forward(61_000)
    await again.click()
    await expect(page.get_by_text("Код запрошен ещё раз.")).to_be_visible()
    await expect(again).to_have_count(0)
    second = await code_of(office, EMAIL)
    if first != second:
        await prove(page, first)
        await expect(page.get_by_text("Код неверный или устарел.")).to_be_visible()
    await prove(page, second)
    await client.inside()


async def test_an_administrator_agrees_to_a_proved_address(
    server: Server, office: PostOffice, open_client: OpenClient, accessibility: Accessibility
) -> None:
    await configure(server, "server.registration", {"on": True, "approve": True})
    client = await open_client()
    page = client.page
    await apply(client)
    await prove(page, await code_of(office, EMAIL))
    await expect(page.get_by_role("heading", name="Заявка отправлена")).to_be_visible()
    await expect(page.get_by_text("Об одобрении придёт письмо.")).to_be_visible()
    assert await accessibility(page) == []
    [wish] = await wishes(server)
    await server.ask("approve-registration", {"id": wish["id"]})
    await office.letter(EMAIL)
    await page.get_by_role("button", name="Перейти ко входу").click()
    await expect(page.get_by_label("Логин или e-mail")).to_have_value(EMAIL)
    await expect(page.get_by_label("Пароль", exact=True)).to_be_focused()
    await client.fill_form(EMAIL, PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_label("Код из письма").fill(await code_of(office, EMAIL))
    await page.keyboard.press("Enter")
    await client.inside()


async def test_without_mail_an_administrator_decides(server: Server, open_client: OpenClient) -> None:
    await configure(server, "server.registration", {"on": True, "approve": False})
    client = await open_client()
    page = client.page
    await apply(client)
    waiting = page.get_by_role("status").filter(has_text="Заявку рассмотрит администратор")
    await expect(waiting).to_contain_text(EMAIL)
    await expect(page.get_by_text("Об одобрении придёт письмо.")).to_have_count(0)
    await page.get_by_role("button", name="Перейти ко входу").click()
    await client.fill_form(EMAIL, PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("Неверное имя пользователя или пароль")
    [wish] = await wishes(server)
    assert (wish["email"], wish["surname"], wish["name"]) == (EMAIL, "Новикова", "")
    await server.ask("approve-registration", {"id": wish["id"]})
    await client.sign_in(EMAIL)


async def test_faults_stand_at_their_fields(
    server: Server, open_client: OpenClient, accessibility: Accessibility
) -> None:
    await configure(server, "server.registration", {"on": True, "domains": ["example.org", "corp.example"]})
    client = await open_client()
    page = client.page
    await page.goto(client.url)
    await register(page).click()
    await expect(page.get_by_text("Допустимые домены: example.org, corp.example")).to_be_visible()
    await register(page).click()
    email, surname = page.get_by_label("E-mail"), page.get_by_label("Фамилия")
    password = page.get_by_label("Пароль", exact=True)
    for field in (email, surname, password):
        await at_fault(field, "Заполните это поле")
    await expect(email).to_be_focused()
    assert await accessibility(page) == []

    await fill(page, **{"E-mail": "eve@example.com", "Пароль": "seven 7"})
    await register(page).click()
    await at_fault(email, "С адресом в этом домене зарегистрироваться нельзя")
    await at_fault(password, "Не менее 8 знаков")
    await at_fault(page.get_by_label("Пароль ещё раз"), "Пароли не совпадают")
    await expect(surname).to_have_accessible_description("")

    # What only the server knows: the passwords that anybody tries first, and what the administrator has just changed.
    await fill(page, **{"Пароль": "12345678", "Пароль ещё раз": "12345678"})
    await register(page).click()
    await at_fault(password, "Такой пароль легко угадать, придумайте другой")
    await expect(password).to_be_focused()
    await configure(server, "server.registration", {"domains": ["corp.example"]})
    await fill(page)
    await register(page).click()
    await at_fault(email, "С адресом в этом домене зарегистрироваться нельзя")
    await expect(page.get_by_text("Допустимый домен: corp.example")).to_be_visible()
    assert await wishes(server) == []


async def test_too_many_tries_are_told(server: Server, open_client: OpenClient) -> None:
    await configure(server, "server.registration", {"on": True})
    client = await open_client()
    await client.page.goto(client.url)
    await register(client.page).click()
    await fill(client.page, **{"Пароль": "12345678", "Пароль ещё раз": "12345678"})
    password = client.page.get_by_label("Пароль", exact=True)
    for _ in range(10):
        await password.fill("12345678")
        await register(client.page).click()
        await at_fault(password, "Такой пароль легко угадать, придумайте другой")
    await register(client.page).click()
    await expect(client.page.get_by_role("alert")).to_contain_text("Слишком много попыток.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_english_on_a_small_screen_without_a_mouse(
    server: Server, office: PostOffice, open_client: OpenClient, accessibility: Accessibility, scheme: str
) -> None:
    await configure(server, "server.registration", {"on": True, "domains": ["example.org"]})
    client = await open_client(locale="en-GB", color_scheme=scheme, viewport={"width": 320, "height": 640})
    page = client.page

    async def fits() -> None:
        assert await accessibility(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320

    await page.goto(client.url)
    await page.get_by_role("button", name="Create account").press("Enter")
    await expect(page.get_by_role("heading", name="New account")).to_be_visible()
    await expect(page.get_by_label("E-mail")).to_be_focused()
    await expect(page.get_by_text("Accepted domain: example.org")).to_be_visible()
    await page.keyboard.press("Enter")
    await at_fault(page.get_by_label("Last name"), "Fill in this field")
    await fits()
    for text in (EMAIL, "Novikova", "Vera", PASSWORD, "", PASSWORD):
        await page.keyboard.type(text)
        await page.keyboard.press("Tab")  # behind each password stands its eye
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(f"A letter with a code was sent to {EMAIL}.")).to_be_visible()
    await expect(page.get_by_text("You can send it again in")).to_be_visible()
    code = await code_of(office, EMAIL)
    await page.keyboard.type(another(code))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("The code is wrong or too old.")
    await fits()
    await page.keyboard.type(code)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Your request was sent")).to_be_visible()
    await expect(page.get_by_role("button", name="Go to sign-in")).to_be_focused()
    await fits()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Password", exact=True)).to_be_focused()
