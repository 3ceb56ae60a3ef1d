"""The site of the console: pages for deep links, nothing for the API, a page that says how to build it."""

from pathlib import Path

import pytest

from roschat.kernel.errors import NotFound
from roschat.kernel.http import Request, Response
from roschat.modules.ms.site.site import ConsoleSite


def asked(path: str, accept: str = "text/html", coding: str = "") -> Request:
    request = Request("GET", f"/{path}", headers={"accept": accept, "accept-encoding": coding}, host="chat.example")
    request.params = {"rest": path}
    return request


@pytest.fixture
def site(tmp_path: Path) -> ConsoleSite:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>console</title>")
    (tmp_path / "assets" / "a.js").write_text("1")
    (tmp_path / "assets" / "a.js.br").write_bytes(b"packed")
    return ConsoleSite(tmp_path)


@pytest.mark.parametrize("path", ["", "settings/mail", "directory/5"])
async def test_deep_links_are_pages(site: ConsoleSite, path: str) -> None:
    response = await site.serve(asked(path))
    assert response.status == 200
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-cache"


async def test_files_are_kept_and_sent_packed(site: ConsoleSite) -> None:
    plain = await site.serve(asked("assets/a.js"))
    packed = await site.serve(asked("assets/a.js", coding="gzip, br"))
    assert "immutable" in plain.headers["cache-control"]
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "br"


@pytest.mark.parametrize("path", ["api/v1/nothing", "assets/gone.js", "../secret.txt"])
async def test_what_is_not_there(site: ConsoleSite, path: str) -> None:
    with pytest.raises(NotFound):
        await site.serve(asked(path))


async def test_without_a_build_the_page_says_how(tmp_path: Path) -> None:
    site = ConsoleSite(tmp_path / "none")
    assert not site.built
    response: Response = await site.serve(asked(""))
    assert response.status == 503
    assert isinstance(response.body, bytes)
    assert "npm --prefix roschat/web run build" in response.body.decode()
