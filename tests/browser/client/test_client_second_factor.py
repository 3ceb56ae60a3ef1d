"""Signing in on a new device with the code from a letter."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.client.letters import another, code_of
from tests.browser.client.visitor import PASSWORD, Accessibility, OpenClient, Visitor
from tests.harness.mail import PostOffice
from tests.harness.server import Server

LOGIN = "anna@example.org"


def code_field(client: Visitor) -> Locator:
    return client.page.get_by_label("Код из письма")


async def enter(client: Visitor, code: str = "") -> None:
    if code:
        await code_field(client).fill(code)
    await client.page.get_by_role("button", name="Войти", exact=True).click()


async def refused(client: Visitor, words: str) -> None:
    dialog = client.page.get_by_role("dialog")
    await expect(dialog).to_contain_text(words)
    await dialog.get_by_role("button", name="Ок").click()
    await expect(dialog).to_have_count(0)


async def test_a_new_device_asks_for_the_code_and_the_same_one_later_does_not(
    server: Server, office: PostOffice, open_client: OpenClient, accessibility: Accessibility
) -> None:
    await server.person(LOGIN)
    client = await open_client(viewport={"width": 320, "height": 740})
    await client.open_form()
    await client.fill_form(LOGIN, PASSWORD)
    await enter(client)
    await expect(code_field(client)).to_be_focused()
    await expect(client.page.get_by_text("Это устройство новое.")).to_be_visible()
    assert await accessibility(client.page) == []
    code = await code_of(office, LOGIN)
    await enter(client, another(code))
    await refused(client, "Код неверный или устарел. Посмотрите самое новое письмо.")
    await expect(code_field(client)).to_have_value("")
    await enter(client, code)
    await client.inside()

    await client.sign_out()
    await client.sign_in(LOGIN)
    await client.page.reload()
    await client.sign_in(LOGIN)
    assert office.asked == [LOGIN]

    other = await open_client()
    await other.open_form()
    await other.fill_form(LOGIN, PASSWORD)
    await enter(other)
    await expect(code_field(other)).to_be_visible()


async def test_too_many_wrong_codes_need_a_new_letter(
    server: Server, office: PostOffice, open_client: OpenClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roschat.modules.server.accounts.second_factor.factor.PAUSE", 0.0)
    await server.person(LOGIN)
    client = await open_client()
    await client.open_form()
    await client.fill_form(LOGIN, PASSWORD)
    await enter(client)
    code = await code_of(office, LOGIN)
    for _ in range(5):
        await enter(client, another(code))
        await refused(client, "Код неверный или устарел.")
    await enter(client, code)
    await refused(client, "Слишком много попыток.")
    await expect(code_field(client)).to_have_count(0)

    await client.fill_form(LOGIN, PASSWORD)
    await enter(client)
    await expect(code_field(client)).to_be_visible()
    await enter(client, await code_of(office, LOGIN))
    await client.inside()


async def test_a_wrong_password_asks_for_no_code(server: Server, office: PostOffice, open_client: OpenClient) -> None:
    await server.person(LOGIN)
    client = await open_client()
    await client.open_form()
    await client.fill_form(LOGIN, "wrong")
    await enter(client)
    await refused(client, "Неверное имя пользователя или пароль")
    await expect(code_field(client)).to_have_count(0)
    assert office.asked == []
