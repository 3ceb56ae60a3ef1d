"""The client as an installed application: its service worker, what makes it installable, and opening without a network.

Chromium registers no service worker under a certificate that it does not trust; here it is told to trust the key of the
test server's self-made one, as a browser trusts a bought certificate.
"""

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from playwright.async_api import BrowserContext, async_playwright, expect

from tests.browser.client.visitor import PASSWORD, Visitor
from tests.browser.conftest import FLAGS, WAIT, chromium
from tests.harness.client import Client
from tests.harness.server import Server


def pin(certificate: Path) -> str:
    """The key of a certificate as Chromium wants it."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(hashlib.sha256(key.public_bytes(*form)).digest()).decode()


@pytest.fixture
async def visitor(server: Server, tmp_path: Path) -> AsyncIterator[BrowserContext]:
    """A person's browser that trusts the server."""
    trusted = pin(server.program.config.data / "certificates" / "certificate.pem")
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            str(tmp_path / "browser"),
            executable_path=chromium(),
            args=[*FLAGS, f"--ignore-certificate-errors-spki-list={trusted}"],
            headless=True,
            locale="ru-RU",
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT)
        yield context
        await context.close()


async def test_it_can_be_installed_and_opens_without_a_network(server: Server, visitor: BrowserContext) -> None:
    page = visitor.pages[0]
    await page.goto(server.url("https"))
    await expect(page.get_by_role("button", name="Ввести логин и пароль")).to_be_visible()
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    talk = await visitor.new_cdp_session(page)
    manifest = await talk.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    found = await talk.send("Page.getInstallabilityErrors")
    assert found["installabilityErrors"] == []

    await visitor.set_offline(True)
    await page.reload()
    await expect(page.get_by_role("button", name="Ввести логин и пароль")).to_be_visible()
    await visitor.set_offline(False)


RECORDED = """
window.shown = [];
window.Notification = class extends Notification {
  constructor(title, options) { super(title, options); window.shown.push([title, options.body]); }
};
// Playwright tells every page that it has the focus.
document.hasFocus = () => false;
"""


async def test_a_message_is_notified_when_nobody_looks(server: Server, visitor: BrowserContext) -> None:
    anna = await server.person("anna")
    await server.person("ben")
    await visitor.grant_permissions(["notifications"], origin=server.url("https"))
    page = visitor.pages[0]
    await page.add_init_script(RECORDED)
    client = Visitor(page, server.url("https"))
    await client.sign_in("anna")
    await client.go("/more/notifications")
    await page.get_by_label("Уведомления на рабочем столе").click()
    await expect(page.get_by_label("Уведомления на рабочем столе")).to_be_checked()
    async with Client(server.url("websocket")) as other:
        await other.call("login", {"login": "ben", "password": PASSWORD, "APILevel": 9})
        await other.call("send-message", {"cidType": "user", "cid": anna, "dataType": "text", "data": "Обед?"})
    await page.wait_for_function("window.shown.length > 0")
    assert await page.evaluate("window.shown") == [["Ben", "Обед?"]]
