"""The web client's routes, asked the way the transport asks them."""

import gzip
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import ManualClock
from roschat.kernel.db import Database
from roschat.kernel.errors import NotSignedIn
from roschat.kernel.http import Request, Response, Routes
from roschat.kernel.jobs import Jobs
from roschat.kernel.lease import Leases
from roschat.kernel.metrics import Metrics
from roschat.kernel.secrets import Secrets
from roschat.kernel.service import Context, State
from roschat.kernel.settings import Settings
from roschat.modules.server.accounts.api import AuthenticateToken, GetLimits, Limits
from roschat.modules.web_client.module import WebClient
from roschat.modules.web_client.ports import host_of, port_of
from roschat.types import ContactId
from roschat.wire.message import Caller

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@dataclass
class Site:
    """The module with its folder, its routes and its settings."""

    module: WebClient
    dist: Path
    data: Path
    routes: Routes
    settings: Settings

    async def ask(
        self, method: str, path: str, content: bytes = b"", headers: dict[str, str] | None = None
    ) -> Response:
        """The answer to a request for chat.example."""
        return await self.routes.answer(
            Request(method, path, headers=headers, source=content, secure=True, host="chat.example")
        )

    async def text(self, path: str, headers: dict[str, str] | None = None) -> str:
        """The body of a good answer."""
        response = await self.ask("GET", path, headers=headers)
        assert response.status == 200, response.body
        if isinstance(response.body, Path):
            return response.body.read_text()
        assert isinstance(response.body, bytes)
        return response.body.decode()

    def listen(self, **ports: int) -> None:
        """Write what the program writes when its listeners are open."""
        listeners = {name: [f"0.0.0.0:{port}", f"[::]:{port}"] for name, port in ports.items()}
        (self.data / "run").mkdir(exist_ok=True)
        (self.data / "run" / "ready.json").write_text(json.dumps({"pid": os.getpid(), "listeners": listeners}))


@pytest.fixture
async def site(dsn: str, tmp_path: Path) -> AsyncIterator[Site]:
    dist, data = tmp_path / "dist", tmp_path / "data"
    (dist / "assets").mkdir(parents=True)
    data.mkdir()
    (dist / "index.html").write_text("<title>page</title>")
    (dist / "sw.js").write_text("worker")
    (dist / "manifest.webmanifest").write_text("{}")
    script = dist / "assets" / "index-Ab12.js"
    script.write_text("plain")
    script.with_name(script.name + ".gz").write_bytes(gzip.compress(b"plain"))
    (tmp_path / "secret.txt").write_text("secret")
    bus = LocalBus(strict=True)
    db = Database(dsn, bus)
    await db.open()

    async def limits(command: GetLimits, caller: Caller) -> Limits:
        return Limits(52_428_800)

    async def authenticate(command: AuthenticateToken, caller: Caller) -> ContactId:
        if command.token != "good":
            raise NotSignedIn("This is nobody's token.")
        return ContactId(1001)

    bus.serve(GetLimits, limits)
    bus.serve(AuthenticateToken, authenticate)
    settings, routes, module, leases = Settings(db, bus), Routes(), WebClient(), Leases(db)
    context = Context(
        name="web_client",
        data=data,
        bus=bus,
        db=db,
        routes=lambda name: routes,
        settings=settings,
        secrets=Secrets(data / "secrets"),
        clock=ManualClock(),
        leases=leases,
        metrics=Metrics(),
        jobs=Jobs(db, ManualClock(), "test"),
        local={"dist": str(dist)},
    )
    await module.start(context)
    yield Site(module, dist, data, routes, settings)
    await module.stop()
    await leases.close()
    await db.close()
    await bus.close()


async def test_the_page_is_never_cached_and_strict(site: Site) -> None:
    site.listen(https=8443, websocket=8080)
    for path in ("/", "/index.html"):
        response = await site.ask("GET", path)
        assert (response.status, response.headers["cache-control"]) == (200, "no-cache")
        assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(rule.split(" ", 1) for rule in response.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["script-src"] == "'self'"
    assert "wss://chat.example:8080" in policy["connect-src"].split()
    assert "*" not in response.headers["content-security-policy"]


async def test_hashed_files_are_cached_for_ever(site: Site) -> None:
    response = await site.ask("GET", "/assets/index-Ab12.js")
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert (await site.ask("GET", "/sw.js")).headers["cache-control"] == "no-cache"
    assert (await site.ask("GET", "/manifest.webmanifest")).headers["content-type"] == "application/manifest+json"


@pytest.mark.parametrize(
    ("accepts", "packed"), [("gzip, br", True), ("gzip;q=0.5", True), ("br", False), ("gzip;q=0", False), ("", False)]
)
async def test_prebuilt_copies(site: Site, accepts: str, packed: bool) -> None:
    response = await site.ask("GET", "/assets/index-Ab12.js", headers={"accept-encoding": accepts})
    assert (response.headers.get("content-encoding") == "gzip") is packed
    assert isinstance(response.body, Path)
    content = response.body.read_bytes()
    assert (gzip.decompress(content) if packed else content) == b"plain"
    assert response.headers["vary"] == "accept-encoding"


async def test_paths_of_the_app_are_pages_for_browsers_only(site: Site) -> None:
    assert await site.text("/chat/17", BROWSER) == "<title>page</title>"
    for path in ("/assets/gone.js", "/favicon.ico"):
        assert (await site.ask("GET", path, headers=BROWSER)).status == 404
    assert (await site.ask("GET", "/messages/unknown")).status == 404


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/a%00b"])
async def test_nothing_outside_of_the_folder(site: Site, path: str) -> None:
    assert (await site.ask("GET", path)).status == 404


async def test_nothing_outside_of_the_folder_by_links(site: Site) -> None:
    (site.dist / "link.txt").symlink_to(site.dist.parent / "secret.txt")
    assert (await site.ask("GET", "/link.txt")).status == 404


async def test_without_a_build_the_page_says_how(site: Site) -> None:
    assert (await site.module.health()).state is State.OK
    (site.dist / "index.html").unlink()
    response = await site.ask("GET", "/", headers=BROWSER)
    assert response.status == 503
    assert isinstance(response.body, bytes)
    assert "npm --prefix roschat/web run build" in response.body.decode()
    assert (await site.module.health()).state is State.DEGRADED


async def test_config_tells_the_real_ports(site: Site) -> None:
    site.listen(https=8443, websocket=18080)
    for path in ("/ajax/config.json", "//ajax/config.json"):
        assert json.loads(await site.text(path)) == {
            "webSocketsPort": 18080,
            "webSocketsPortVer4": 18080,
            "httpsPort": 8443,
            "productName": "РОСЧАТ",
            "languages": ["ru", "en"],
            "maxFileSize": 52_428_800,
            "updateServer": "",
            "pushWithoutText": False,
        }


async def test_config_without_a_socket_listener_names_https(site: Site) -> None:
    site.listen(https=8443)
    assert json.loads(await site.text("/ajax/config.json"))["webSocketsPortVer4"] == 8443
    (site.data / "run" / "ready.json").write_text('{"pid": 1, "listeners": {"https": ["0.0.0.0:1"]}}')
    assert json.loads(await site.text("/ajax/config.json"))["httpsPort"] == 443


async def test_settings_override_ports_at_once(site: Site) -> None:
    site.listen(https=8443, websocket=18080)
    await site.settings.set("web_client", "websocket_port", 443, who="test")
    assert json.loads(await site.text("/ajax/config.json"))["webSocketsPort"] == 443


async def test_the_cookie_for_files(site: Site) -> None:
    json_type = {"content-type": "application/json"}
    response = await site.ask("POST", "/ajax/session", b'{"access_token": "good"}', json_type)
    assert response.status == 200
    [cookie] = response.cookies
    value, *attributes = cookie.split("; ")
    assert value == "roschat_access=good"
    assert set(attributes) == {"Path=/messages", "HttpOnly", "Secure", "SameSite=Strict"}
    response = await site.ask("DELETE", "/ajax/session")
    assert response.cookies[0].startswith("roschat_access=; ")
    assert "Max-Age=0" in response.cookies[0]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"access_token": "bad"}', "application/json", 401),
        (b'{"access_token": "good"}', "text/plain", 400),
        (b"{}", "application/json", 400),
        (b"nonsense", "application/json", 400),
        (b" " * 5000, "application/json", 413),
    ],
)
async def test_bad_requests_set_no_cookie(site: Site, body: bytes, kind: str, status: int) -> None:
    response = await site.ask("POST", "/ajax/session", body, {"content-type": kind})
    assert (response.status, response.cookies) == (status, ())


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("chat.example", "chat.example", 0),
        ("chat.example:8443", "chat.example", 8443),
        ("[::1]:443", "[::1]", 443),
        ("[::1]", "[::1]", 0),
        ("a;script-src *", "", 0),
        ("x:99999", "x", 0),
    ],
)
def test_host_and_port(address: str, host: str, port: int) -> None:
    assert (host_of(address), port_of(address)) == (host, port)


@given(st.text(max_size=40))
def test_no_host_gets_anything_into_the_policy(address: str) -> None:
    assert not set(host_of(address)) & set(" ;,'\"*/\n")
