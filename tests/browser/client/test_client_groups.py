"""Groups and polls between people."""

from playwright.async_api import expect

from tests.browser.client.visitor import OpenClient
from tests.harness.server import Server


async def test_a_group_is_made_and_every_member_sees_who_made_it(server: Server, open_client: OpenClient) -> None:
    for login in ("anna", "boris", "clara"):
        await server.person(login)
    anna, boris = await open_client(), await open_client()
    await anna.sign_in("anna")
    await boris.sign_in("boris")
    await anna.new("Новая группа")
    await anna.pick("Boris", "Clara")
    await anna.page.get_by_role("button", name="Далее").click()
    await anna.page.get_by_label("Название").fill("Обед")
    await anna.page.get_by_role("button", name="Создать").click()
    await boris.row("Обед").click()
    for client in (anna, boris):
        created = client.page.get_by_role("log").get_by_text("создал(а) беседу")
        await expect(created).to_have_text("Anna  создал(а) беседу", use_inner_text=False)
        await expect(client.page.get_by_role("heading", name="Обед").first).to_be_visible()
    await boris.write("@Anna посмотри")
    await expect(anna.message("посмотри").get_by_role("button", name="@Anna")).to_be_visible()

    await anna.page.get_by_role("button", name="Прикрепить").click()
    await anna.page.get_by_role("menuitem", name="Опрос").click()
    await anna.page.get_by_label("Вопрос").fill("Куда идём?")
    await anna.page.get_by_label("Вариант 1").fill("Столовая")
    await anna.page.get_by_label("Вариант 2").fill("Кафе")
    await anna.page.get_by_role("button", name="Создать").click()
    await boris.page.locator("[data-poll]").get_by_role("button", name="Кафе").click()
    await expect(anna.page.locator("[data-poll]")).to_contain_text("1 человек ответил")

    await boris.row("Обед").click(button="right")
    await boris.page.get_by_role("menuitem", name="Удалить беседу").click()
    await boris.page.get_by_role("dialog").get_by_role("button", name="Ок").click()
    await expect(boris.row("Обед")).to_have_count(0)
    await expect(anna.row("Обед")).to_have_count(1)


async def test_a_member_becomes_admin_leaves_and_comes_back(server: Server, open_client: OpenClient) -> None:
    for login in ("anna", "boris"):
        await server.person(login)
    anna, boris = await open_client(), await open_client()
    await anna.sign_in("anna")
    await boris.sign_in("boris")
    await anna.new("Новая группа")
    await anna.pick("Boris")
    await anna.page.get_by_role("button", name="Далее").click()
    await anna.page.get_by_label("Название").fill("Цех")
    await anna.page.get_by_role("button", name="Создать").click()
    await boris.row("Цех").click()
    await anna.page.get_by_role("heading", name="Цех").first.click()
    details = anna.page.get_by_role("complementary")
    member = details.get_by_role("button", name="Действия: Boris")
    await member.click()
    await anna.page.get_by_role("menuitem", name="Сделать администратором").click()
    await expect(details.get_by_text("Администратор", exact=True)).to_be_visible()
    await member.click()
    await anna.page.get_by_role("menuitem", name="Удалить из группы").click()
    await expect(member).to_have_count(0)
    await expect(boris.page.get_by_text("Вы больше не участник этой группы")).to_be_visible()
    await anna.write("Без Бориса")
    await expect(anna.message("Без Бориса").locator("[data-state=sent]")).to_be_visible()
    await anna.page.get_by_role("button", name="Добавить участников").click()
    await anna.pick("Boris")
    await anna.page.get_by_role("dialog").get_by_role("button", name="Добавить", exact=True).click()
    await expect(boris.field).to_be_visible()
    await anna.write("Снова вместе")
    await expect(boris.message("Снова вместе")).to_be_visible()
