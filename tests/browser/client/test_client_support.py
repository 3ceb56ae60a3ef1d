"""Where people get help, as the administrator decides."""

from playwright.async_api import expect

from tests.browser.client.letters import configure
from tests.browser.client.visitor import Accessibility, OpenClient
from tests.harness.mail import PostOffice
from tests.harness.server import Server

EMAIL = "help@example.org"


async def test_the_contact_opens_a_conversation_and_the_address_is_shown(
    server: Server, open_client: OpenClient, accessibility: Accessibility
) -> None:
    await server.person("anna")
    boris = await server.person("boris")
    client = await open_client()
    page = client.page
    await client.sign_in("anna")
    await page.get_by_role("button", name="Ещё").click()
    await page.get_by_role("button", name="Поддержка").click()
    await expect(page.get_by_text("Администратор не указал, куда обращаться.")).to_be_visible()

    await configure(server, "server.support", {"contact": boris, "email": EMAIL})
    await client.go("/more/profile")
    await client.go("/more/support")
    address = page.get_by_role("link", name=EMAIL)
    assert await address.get_attribute("href") == f"mailto:{EMAIL}"
    # Without mail the server takes no letter.
    await expect(page.get_by_label("Что случилось?")).to_have_count(0)
    assert await accessibility(page) == []
    await page.get_by_role("button", name="Написать в чат").click()
    await expect(page.get_by_role("heading", name="Boris")).to_be_visible()
    await client.write("Не открывается почта")
    await expect(client.message("Не открывается почта").locator("[data-state=sent]")).to_be_visible()


async def test_a_letter_reaches_the_address(
    server: Server, office: PostOffice, open_client: OpenClient, accessibility: Accessibility
) -> None:
    await server.person("anna")
    await configure(server, "server.support", {"email": EMAIL})
    client = await open_client(viewport={"width": 320, "height": 740}, color_scheme="dark")
    await client.sign_in("anna")
    await client.go("/more/support")
    send = client.page.get_by_role("button", name="Отправить")
    await expect(send).to_be_disabled()
    await client.page.get_by_label("Что случилось?").fill("Не могу войти с телефона")
    assert await accessibility(client.page) == []
    assert await client.page.evaluate("document.documentElement.scrollWidth") <= 320
    await send.click()
    await expect(client.page.get_by_text("Письмо отправлено в службу поддержки")).to_be_visible()
    await expect(client.page.get_by_label("Что случилось?")).to_have_value("")
    letter = await office.letter(EMAIL)
    body = letter.get_body(("plain",))
    assert body is not None
    assert "Не могу войти с телефона" in body.get_content()
    assert "Anna" in f"{letter['Subject']} {body.get_content()}"
