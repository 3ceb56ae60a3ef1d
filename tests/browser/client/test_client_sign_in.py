"""Signing in and out as the web client's users do it."""

from playwright.async_api import expect

from roschat.wire.process import EventsMissed
from tests.browser.client.visitor import OpenClient
from tests.harness.server import Server


async def test_a_wrong_login_and_a_wrong_password_get_the_same_words(server: Server, open_client: OpenClient) -> None:
    await server.person("anna")
    client = await open_client()
    await client.open_form()
    for login, password in (("anna", "wrong"), ("nobody", "a good password")):
        await client.fill_form(login, password)
        await client.page.get_by_label("Пароль", exact=True).press("Enter")
        dialog = client.page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Неверное имя пользователя или пароль")
        assert await dialog.get_by_role("button").count() == 1
        await dialog.get_by_role("button").click()
        await expect(dialog).to_have_count(0)


async def test_a_reload_forgets_who_did_not_ask_to_stay(server: Server, open_client: OpenClient) -> None:
    await server.person("anna")
    client = await open_client()
    await client.sign_in("anna")
    await client.page.reload()
    await expect(client.page.get_by_text("Ввести логин и пароль")).to_be_visible()


async def test_a_reload_keeps_who_asked_to_stay_until_sign_out(server: Server, open_client: OpenClient) -> None:
    await server.person("anna")
    client = await open_client()
    await client.sign_in("anna", stay=True)
    await client.page.reload()
    await client.inside()
    await client.page.get_by_role("button", name="Ещё").click()
    await client.page.get_by_role("button", name="Выйти из профиля").first.click()
    await client.page.get_by_role("dialog").get_by_role("button", name="Ок").click()
    await expect(client.page.get_by_text("Ввести логин и пароль")).to_be_visible()
    await client.page.reload()
    await expect(client.page.get_by_text("Ввести логин и пароль")).to_be_visible()


async def test_a_session_ended_from_another_device_says_so(server: Server, open_client: OpenClient) -> None:
    await server.person("anna")
    here, there = await open_client(), await open_client()
    await there.sign_in("anna", stay=True)
    await here.sign_in("anna")
    await here.go("/more/sessions")
    await here.page.get_by_role("button", name="Завершить", exact=True).click()
    told = there.page.get_by_text("Сеанс на этом устройстве завершён. Войдите снова.")
    await expect(told).to_be_visible()
    await expect(there.page.get_by_text("Ввести логин и пароль")).to_be_visible()
    await expect(here.page.get_by_text("Этот сеанс")).to_be_visible()
    await there.page.reload()
    await expect(there.page.get_by_text("Ввести логин и пароль")).to_be_visible()


async def test_a_socket_closed_by_a_restart_comes_back_and_misses_nothing(
    server: Server, open_client: OpenClient
) -> None:
    anna = await server.person("anna")
    boris = await server.person("boris")
    client = await open_client()
    await client.sign_in("anna")
    await client.go(f"/chat/user/{boris}")
    await expect(client.page.get_by_text("Сообщений пока нет")).to_be_visible()
    async with client.page.expect_event("websocket"):
        server.program.bus.publish(EventsMissed("a test"))
    await server.ask("store-message", {"sender": boris, "cid": anna, "data": "Пока вас не было"})
    await expect(client.message("Пока вас не было")).to_be_visible()
    await client.write("Я снова здесь")
    await expect(client.message("снова здесь").locator("[data-state=sent]")).to_be_visible()


async def test_signing_out_takes_the_cookie_for_files_away(server: Server, open_client: OpenClient) -> None:
    await server.person("anna")
    client = await open_client()
    await client.sign_in("anna")
    assert "/messages" in [cookie.get("path") for cookie in await client.page.context.cookies()]
    await client.page.get_by_role("button", name="Ещё").click()
    await client.page.get_by_role("button", name="Выйти из профиля").first.click()
    async with client.page.expect_response(
        lambda answer: answer.request.method == "DELETE" and answer.url.endswith("/ajax/session")
    ):
        await client.page.get_by_role("dialog").get_by_role("button", name="Ок").click()
    await expect(client.page.get_by_text("Ввести логин и пароль")).to_be_visible()
    await expect(client.page.get_by_text("Сеанс на этом устройстве завершён")).to_have_count(0)
    assert await client.page.context.cookies() == []
