"""Two people side by side in one conversation."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.client.visitor import OpenClient, Visitor
from tests.harness.server import Server


@pytest.fixture
async def couple(server: Server, open_client: OpenClient) -> tuple[Visitor, Visitor]:
    """Anna and Boris, each with the conversation with the other open."""
    cids = {login: await server.person(login) for login in ("anna", "boris")}
    anna, boris = await open_client(), await open_client()
    await anna.sign_in("anna")
    await boris.sign_in("boris")
    await anna.go(f"/chat/user/{cids['boris']}")
    await boris.go(f"/chat/user/{cids['anna']}")
    for client in (anna, boris):
        await expect(client.page.get_by_text("Сообщений пока нет")).to_be_visible()
    return anna, boris


async def test_a_text_reaches_the_other_and_is_seen_as_read(couple: tuple[Visitor, Visitor]) -> None:
    anna, boris = couple
    await anna.write("Привет, **Борис**!")
    await expect(boris.message("Привет, Борис!")).to_be_visible()
    await expect(boris.message("Привет").locator("strong")).to_have_text("Борис")
    await boris.page.bring_to_front()
    await expect(anna.message("Привет").locator("[data-state=read]")).to_be_visible()
    await expect(anna.row("Boris")).to_contain_text("Привет, Борис!")


async def test_an_answer_quotes_author_and_text_for_both(couple: tuple[Visitor, Visitor]) -> None:
    anna, boris = couple
    await anna.write("Во сколько встреча?")
    await expect(boris.message("Во сколько")).to_be_visible()
    await boris.act("Во сколько", "Ответить")
    await boris.write("В три")
    for client in couple:
        answer = client.message("В три").last
        await expect(answer).to_contain_text("Anna")
        await expect(answer).to_contain_text("Во сколько встреча?")


async def test_editing_reacting_and_deleting_are_seen_by_both(couple: tuple[Visitor, Visitor]) -> None:
    anna, boris = couple
    await anna.write("Старый текст")
    await expect(boris.message("Старый текст")).to_be_visible()
    await anna.field.press("ArrowUp")
    await expect(anna.field).to_have_value("Старый текст")
    await anna.write("Новый текст")
    await expect(boris.message("Новый текст")).to_contain_text("изменено")
    await boris.message("Новый текст").locator("> div").first.click(button="right")
    await boris.page.get_by_role("button", name="Поставить 👍").click()
    await expect(anna.message("Новый текст").get_by_role("button", name="👍: 1")).to_be_visible()
    await anna.act("Новый текст", "Удалить сообщение")
    await anna.page.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    for client in couple:
        await expect(client.message("Новый текст")).to_have_count(0)


async def test_what_is_written_without_a_network_arrives_once_and_in_order(couple: tuple[Visitor, Visitor]) -> None:
    anna, boris = couple
    await anna.page.context.set_offline(True)
    await expect(anna.page.get_by_test_id("offline-banner")).to_be_visible()
    for text in ("первое слово", "второе слово", "третье слово"):
        await anna.write(text)
    await expect(anna.page.locator("[data-state=sending]")).to_have_count(3)
    await anna.page.context.set_offline(False)
    await expect(boris.message("третье слово")).to_be_visible()
    await expect(boris.message("слово").locator("> div:first-of-type > span:first-of-type")).to_have_text(
        ["первое слово", "второе слово", "третье слово"]
    )
    await expect(anna.page.locator("[data-state=sending]")).to_have_count(0)
    await expect(anna.message("слово")).to_have_count(3)


async def test_a_draft_follows_its_author_to_another_device(
    couple: tuple[Visitor, Visitor], open_client: OpenClient
) -> None:
    anna, _ = couple
    await anna.field.fill("Ещё не дописано")
    other = await open_client()
    await other.sign_in("anna")
    await expect(other.row("Boris")).to_contain_text("Ещё не дописано")


async def test_a_file_is_sent_with_its_name_and_can_be_loaded(couple: tuple[Visitor, Visitor]) -> None:
    anna, boris = couple
    content = b"%PDF-1.4 " + b"x" * 70_000
    await anna.page.get_by_test_id("pick-files").set_input_files(
        {"name": "Отчёт.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    await anna.page.get_by_role("dialog").get_by_role("button", name="Отправить", exact=True).click()
    link = boris.message("Отчёт.pdf").get_by_role("link")
    async with boris.page.expect_download() as download:
        await link.click()
    assert (await (await download.value).path()).read_bytes() == content


async def test_history_does_not_jump_while_older_pages_come(
    server: Server, couple: tuple[Visitor, Visitor], open_client: OpenClient
) -> None:
    _, boris = couple
    found = {card["fields"][0]["value"]: card["cid"] for card in await server.ask("list-contacts")}
    for number in range(120):
        text = f"Строка {number} " + "слово " * (number % 19)
        await server.ask("store-message", {"sender": found["Anna"], "cid": found["Boris"], "data": text})
    await boris.page.bring_to_front()
    await expect(boris.message("Строка 119")).to_be_visible(timeout=20_000)
    await expect(boris.page).to_have_title("РосЧат")
    fresh = await open_client()
    await fresh.sign_in("boris")
    await fresh.row("Anna").click()
    await expect(fresh.message("Строка 119")).to_be_visible()
    jumps = await fresh.page.evaluate(
        """async () => {
          const list = document.querySelector('[role=log]');
          const frame = () => new Promise(requestAnimationFrame);
          const jumps = [];
          // Who scrolls while the place taken at opening is still being measured is not pulled back.
          list.dispatchEvent(new WheelEvent("wheel", { deltaY: -300 }));
          list.scrollTop -= 300;
          for (let still = 0, at = -1; still < 20; still = list.scrollTop === at ? still + 1 : 0) {
            at = list.scrollTop;
            await frame();
          }
          const left = list.scrollHeight - list.scrollTop - list.clientHeight;
          if (left < 200) jumps.push(["back to the end", left]);
          for (let step = 0; step < 400; step++) {
            for (let i = 0; i < 60 && list.scrollTop < 200; i++) await frame();
            if (list.scrollTop < 200) break;
            const top = list.getBoundingClientRect().top;
            const seen = [...list.querySelectorAll('[data-message]')].find(
              (it) => it.getBoundingClientRect().top > top + 120);
            const before = seen.getBoundingClientRect().top;
            list.dispatchEvent(new WheelEvent("wheel", { deltaY: -60 }));
            list.scrollTop -= 60;
            for (let i = 0; i < 4; i++) await frame();
            const moved = seen.isConnected ? seen.getBoundingClientRect().top - before : 60;
            if (Math.abs(moved - 60) > 4) jumps.push([step, moved]);
          }
          return jumps;
        }"""
    )
    assert jumps == []
    await expect(fresh.message(re.compile(r"Строка 0\s*\d\d:")).first).to_be_attached()


async def test_unread_messages_are_counted_divided_and_cleared(couple: tuple[Visitor, Visitor]) -> None:
    anna, boris = couple
    await anna.write("начало")
    await expect(boris.message("начало")).to_be_visible()
    await boris.page.bring_to_front()
    await expect(anna.message("начало").locator("[data-state=read]")).to_be_visible()
    await boris.go("/contacts")
    for number in range(3):
        await anna.write(f"новость {number}")
    await boris.go("/chats")
    await expect(boris.row("Anna").get_by_role("img", name="3 непрочитанных")).to_be_visible()
    await expect(boris.page).to_have_title("(3) РосЧат")
    await boris.row("Anna").click()
    await expect(boris.page.get_by_text("Непрочитанные сообщения")).to_be_visible()
    await boris.page.bring_to_front()
    await expect(boris.page).to_have_title("РосЧат")


async def test_a_forwarded_message_names_its_author(couple: tuple[Visitor, Visitor], server: Server) -> None:
    anna, boris = couple
    await server.person("clara")
    await anna.write("Печь пущена")
    await boris.act("Печь пущена", "Переслать")
    dialog = boris.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Clara").click()
    await dialog.get_by_role("button", name="Переслать").click()
    await expect(boris.page.get_by_role("heading", name="Clara")).to_be_visible()
    await expect(boris.message("Печь пущена")).to_contain_text("Переслано от: Anna")


async def test_the_author_sees_who_has_read(couple: tuple[Visitor, Visitor]) -> None:
    anna, boris = couple
    await anna.write("Собрание в пять")
    await expect(boris.message("Собрание")).to_be_visible()
    await boris.page.bring_to_front()
    await expect(anna.message("Собрание").locator("[data-state=read]")).to_be_visible()
    await anna.act("Собрание", "Кто прочитал")
    dialog = anna.page.get_by_role("dialog")
    await expect(dialog.get_by_text("Прочитали: 1")).to_be_visible()
    await expect(dialog.get_by_role("button", name="Boris")).to_be_visible()


async def test_a_pinned_message_stands_above_for_both(couple: tuple[Visitor, Visitor]) -> None:
    anna, boris = couple
    await anna.write("Адрес: Заводская, 5")
    await anna.act("Адрес", "Закрепить для всех")
    for client in couple:
        await expect(client.page.get_by_role("button", name="Закреплённое сообщение")).to_contain_text("Заводская, 5")
    await boris.page.get_by_role("button", name="Открепить").click()
    await expect(anna.page.get_by_role("button", name="Закреплённое сообщение")).to_have_count(0)


async def test_a_dropped_file_shows_how_far_it_is(couple: tuple[Visitor, Visitor]) -> None:
    anna, boris = couple
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        if route.request.method == "PATCH":
            await held.wait()
        await route.continue_()

    await anna.page.route("**/messages/uploads/*", hold)
    await anna.page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["x".repeat(50_000)], "План.txt", { type: "text/plain" }));
          const options = { dataTransfer, bubbles: true, cancelable: true };
          for (const name of ["dragover", "drop"])
            document.querySelector("main").dispatchEvent(new DragEvent(name, options));
        }"""
    )
    dialog = anna.page.get_by_role("dialog")
    await dialog.get_by_label("Подпись").fill("Смотри до обеда")
    await dialog.get_by_role("button", name="Отправить", exact=True).click()
    await expect(anna.page.get_by_role("progressbar", name="Загрузка: План.txt")).to_be_attached()
    await expect(anna.message("План.txt")).to_contain_text("0%")
    held.set()
    await expect(boris.message("План.txt")).to_contain_text("Смотри до обеда")
    await expect(anna.page.get_by_role("progressbar")).to_have_count(0)
