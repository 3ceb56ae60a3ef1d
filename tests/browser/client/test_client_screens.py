"""Screens are reachable by everybody: axe, the narrowest width, the keyboard, both languages."""

import pytest
from playwright.async_api import expect

from tests.browser.client.visitor import Accessibility, OpenClient
from tests.harness.server import Server

PLACES = ("/chats", "/contacts", "/more/profile", "/more/notifications", "/more/appearance", "/more/sessions",
          "/more/password", "/more/support", "/more/shortcuts")  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
async def test_no_screen_shuts_anybody_out(
    server: Server, open_client: OpenClient, accessibility: Accessibility, scheme: str, width: int
) -> None:
    await server.person("anna")
    boris = await server.person("boris")
    client = await open_client(color_scheme=scheme, viewport={"width": width, "height": 740})
    await client.open_form()
    assert await accessibility(client.page) == []
    await client.sign_in("anna")
    await client.go(f"/chat/user/{boris}")
    await client.write("Смотри https://example.org и `код`")
    await expect(client.message("Смотри").locator("[data-state=sent]")).to_be_visible()
    assert await accessibility(client.page) == []
    for place in PLACES:
        await client.go(place)
        await expect(client.page.get_by_role("heading").first).to_be_attached()
        assert await accessibility(client.page) == [], place
        assert await client.page.evaluate("document.documentElement.scrollWidth") <= width, place


async def test_the_language_changes_without_a_reload(server: Server, open_client: OpenClient) -> None:
    await server.person("anna")
    client = await open_client()
    await client.sign_in("anna")
    await client.go("/more/appearance")
    await client.page.get_by_text("English", exact=True).click()
    await expect(client.page.get_by_role("heading", name="Appearance and language")).to_be_visible()
    await expect(client.page.get_by_role("navigation", name="Sections")).to_be_visible()
    await expect(client.page).to_have_title("RosChat")
    assert await client.page.evaluate("document.documentElement.lang") == "en"


async def test_the_switcher_and_escape_need_no_mouse(server: Server, open_client: OpenClient) -> None:
    await server.person("anna")
    await server.person("boris")
    client = await open_client()
    await client.sign_in("anna")
    await client.page.keyboard.press("Control+k")
    await client.page.get_by_role("combobox").fill("bor")
    await expect(client.page.get_by_role("option", name="Boris")).to_be_visible()
    await client.page.keyboard.press("Enter")
    await expect(client.page.get_by_role("heading", name="Boris")).to_be_visible()
    await client.page.keyboard.press("Control+f")
    await expect(client.page.get_by_role("search")).to_be_visible()
    await client.page.keyboard.press("Escape")
    await expect(client.page.get_by_role("search")).to_have_count(0)


async def test_many_changes_of_the_directory_are_asked_for_together(
    server: Server, open_client: OpenClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roschat.modules.server.directory.news.MANY", 0)
    await server.person("anna")
    client = await open_client()
    await client.sign_in("anna")
    await client.go("/contacts")
    for login in ("boris", "clara"):
        await server.person(login)
        await expect(client.page.get_by_role("button", name=login.title()).first).to_be_visible()
