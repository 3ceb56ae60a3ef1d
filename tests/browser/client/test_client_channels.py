"""Channels: made, found or not, read, shared, deleted."""

import pytest
from playwright.async_api import expect

from tests.browser.client.visitor import OpenClient, Visitor
from tests.harness.server import Server


@pytest.fixture
async def couple(server: Server, open_client: OpenClient) -> tuple[Visitor, Visitor, dict[str, int]]:
    """Anna, who makes channels, and Boris, who reads them."""
    cids = {login: await server.person(login) for login in ("anna", "boris")}
    anna, boris = await open_client(), await open_client()
    await anna.sign_in("anna")
    await boris.sign_in("boris")
    return anna, boris, cids


async def make(client: Visitor, name: str, kind: str) -> None:
    await client.new("Новый канал")
    dialog = client.page.get_by_role("dialog")
    await dialog.get_by_label("Название").fill(name)
    await dialog.get_by_label("Описание").fill("О важном")
    await dialog.get_by_label(kind).check()
    await dialog.get_by_role("button", name="Создать").click()
    await expect(client.row(name)).to_be_visible()


async def publish(client: Visitor, title: str) -> None:
    await client.page.get_by_role("button", name="Новая публикация", exact=True).click()
    dialog = client.page.get_by_role("dialog")
    await dialog.get_by_label("Заголовок").fill(title)
    await dialog.get_by_role("button", name="Опубликовать").click()
    await expect(client.page.locator("[data-publication]").filter(has_text=title)).to_be_visible()


async def search(client: Visitor, text: str) -> None:
    await client.page.get_by_role("button", name="Каналы", exact=True).click()
    await client.page.get_by_label("Поиск", exact=True).fill(text)


async def test_a_public_channel_is_found_subscribed_and_read(couple: tuple[Visitor, Visitor, dict[str, int]]) -> None:
    anna, boris, cids = couple
    await make(anna, "Новости завода", "Публичный")
    await search(boris, "завод")
    await boris.page.get_by_role("region", name="Каналы").get_by_role("button", name="Новости завода").click()
    await boris.page.get_by_role("button", name="Подписаться на канал").click()
    await expect(boris.row("Новости завода")).to_be_visible()
    await publish(anna, "Пуск печи")
    shown = boris.page.locator("[data-publication='1']")
    await expect(shown).to_contain_text("Пуск печи")
    await expect(shown).to_contain_text("Anna")

    await shown.get_by_role("button", name="Поделиться").click()
    dialog = boris.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Anna").click()
    await dialog.get_by_role("button", name="Поделиться").click()
    await anna.go(f"/chat/user/{cids['boris']}")
    await anna.message("Новости завода").get_by_role("button", name="Пуск печи").click()
    await expect(anna.page.get_by_role("heading", name="Пуск печи")).to_be_visible()

    await anna.row("Новости завода").click(button="right")
    await anna.page.get_by_role("menuitem", name="Удалить канал").click()
    await anna.page.get_by_role("dialog").get_by_role("button", name="Ок").click()
    for client in (anna, boris):
        await client.page.get_by_role("button", name="Каналы", exact=True).click()
        await expect(client.row("Новости завода")).to_have_count(0)


async def test_a_closed_channel_says_so_and_is_not_found(couple: tuple[Visitor, Visitor, dict[str, int]]) -> None:
    anna, boris, _ = couple
    await make(anna, "Совет", "Закрытый")
    await anna.page.get_by_role("heading", name="Совет").click()
    details = anna.page.get_by_role("complementary")
    await expect(details.get_by_text("Закрытый", exact=True)).to_be_visible()
    await search(boris, "Совет")
    await expect(boris.page.get_by_text("Ничего не найдено")).to_be_visible()
    await details.get_by_role("button", name="Подписчики").click()
    await anna.page.get_by_role("button", name="Добавить участников").click()
    await anna.pick("Boris")
    await anna.page.get_by_role("dialog").get_by_role("button", name="Добавить", exact=True).click()
    await boris.page.get_by_label("Поиск", exact=True).fill("")
    await expect(boris.row("Совет")).to_be_visible()


async def test_the_tick_comes_and_goes_while_the_channel_is_open(
    server: Server, couple: tuple[Visitor, Visitor, dict[str, int]]
) -> None:
    anna, boris, _ = couple
    await make(anna, "Вести", "Публичный")
    await search(boris, "Вести")
    await boris.page.get_by_role("region", name="Каналы").get_by_role("button", name="Вести").click()
    await boris.page.get_by_role("button", name="Подписаться на канал").click()
    for client in couple[:2]:
        await client.page.get_by_role("heading", name="Вести", level=1).click()
    [channel] = (await server.ask("list-public-channels"))["channels"]
    for verified in (True, False):
        await server.ask("verify-channel", {"chId": channel["chId"], "verified": verified})
        for client in couple[:2]:
            header, details = (client.page.get_by_role("heading", name="Вести", level=level) for level in (1, 2))
            for place in (client.row("Вести"), header, details):
                await expect(place).to_be_visible()
                await expect(place.get_by_role("img", name="Проверенный канал")).to_have_count(int(verified))
