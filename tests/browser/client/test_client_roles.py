"""The role model as the web client shows it: what is refused is not offered, and it says why."""

from playwright.async_api import expect

from tests.browser.client.visitor import Accessibility, OpenClient
from tests.harness.server import Server


async def test_what_a_role_refuses_is_not_offered(
    server: Server, open_client: OpenClient, accessibility: Accessibility
) -> None:
    anna, boris = [await server.person(login) for login in ("anna", "boris")]
    role = (await server.ask("add-role", {"name": "Стажёры"}))["id"]
    await server.ask("give-role", {"role": role, "contacts": [anna]})
    visitor = await open_client()
    page = visitor.page
    await visitor.sign_in("anna")
    await visitor.go(f"/chat/user/{boris}")
    await visitor.write("Добрый день")
    await expect(visitor.message("Добрый день")).to_be_visible()

    async def set_rules(*denied: str) -> None:
        rules = [{"action": action, "allow": False} for action in denied]
        await server.ask("set-role-rules", {"role": role, "rules": rules})

    await set_rules("outgoing-media", "create-group")
    await expect(page.get_by_role("button", name="Записать голосовое сообщение")).to_have_count(0)
    await page.get_by_role("button", name="Прикрепить").click()
    await expect(page.get_by_text("Ваша роль не позволяет отправлять сюда файлы.")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Файл", exact=True)).to_have_count(0)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Новая беседа, группа или канал").click()
    await expect(page.get_by_role("menuitem", name="Новая группа")).to_be_disabled()
    await expect(page.get_by_text("Ваша роль не позволяет создавать беседы.")).to_be_visible()
    await page.keyboard.press("Escape")

    await visitor.go(f"/chat/user/{boris}")  # Escape has closed it
    await set_rules("outgoing-message")
    await expect(page.get_by_text("Ваша роль не позволяет писать этому контакту.")).to_be_visible()
    await expect(visitor.field).to_have_count(0)
    assert await accessibility(page) == []

    await set_rules()
    await visitor.write("Снова можно")
    await expect(visitor.message("Снова можно")).to_be_visible()

    await server.ask(
        "set-contact-exceptions", {"cid": boris, "exceptions": [{"action": "incoming-message", "allow": False}]}
    )
    await expect(page.get_by_text("Этот контакт не принимает от вас сообщения.")).to_be_visible()


async def test_a_hidden_colleague_is_called_by_name_in_a_group(server: Server, open_client: OpenClient) -> None:
    anna, boris, _ = [await server.person(login) for login in ("anna", "boris", "vera")]
    other = await open_client()
    await other.sign_in("boris")
    await other.new("Новая группа")
    await other.pick("Anna", "Vera")
    dialog = other.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Далее").click()
    await dialog.get_by_label("Название").fill("Отдел")
    await dialog.get_by_role("button", name="Создать").click()
    await other.write("Всем привет")
    role = (await server.ask("add-role", {"name": "Ученики"}))["id"]
    hidden = {"action": "see-contact", "allow": False, "scope": "contacts", "contacts": [boris]}
    await server.ask("set-role-rules", {"role": role, "rules": [hidden]})
    await server.ask("give-role", {"role": role, "contacts": [anna]})
    visitor = await open_client()
    await visitor.sign_in("anna")
    await visitor.row("Отдел").click()
    await expect(visitor.message("Всем привет")).to_contain_text("Boris")
    await visitor.go("/contacts")
    contacts = visitor.page.get_by_role("region", name="Контакты")
    await expect(contacts.get_by_text("Vera", exact=True).first).to_be_visible()
    await expect(contacts.get_by_text("Boris", exact=True)).to_have_count(0)
