"""The console's API over real HTTPS: sign-in, roles, second factors, keys, sessions, bad input, audit."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pyotp
import pytest

from roschat.kernel.errors import RoschatError
from roschat.kernel.jobs import Job
from roschat.modules.ms.mail.api import SendMail
from roschat.modules.ms.users.api import SignInToConsole
from roschat.types import Role
from roschat.wire import rest
from roschat.wire.message import Caller, Empty
from tests.harness.client import trust_anything
from tests.harness.server import Server, admin

PASSWORD = "five green horses"
FIRST = {"login": "admin", "password": "123456"}


class Browser:
    """Somebody with a cookie jar, or a program with a key."""

    def __init__(self, server: Server, key: str = "") -> None:
        self._base = server.url("console") + "/api/v1"
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._http = aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.last: aiohttp.ClientResponse

    async def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Status and decoded answer."""
        async with self._http.request(method, self._base + path, json=body, ssl=trust_anything(), **more) as answer:
            self.last = answer
            return answer.status, await answer.json()

    async def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The answer of a request that must succeed."""
        status, answer = await self(method, path, body, **more)
        assert status == 200, answer
        return answer

    async def text(self, path: str) -> str:
        """The text of an answer."""
        async with self._http.get(self._base + path, ssl=trust_anything()) as answer:
            return (await answer.read()).decode()

    async def sign_in(self, login: str, password: str = PASSWORD, **more: Any) -> Any:
        """Sign in; must succeed."""
        return await self.ok("POST", "/session", {"login": login, "password": password, **more})

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.close()


class Office:
    """A server with a user of each role, and browsers."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._browsers: list[Browser] = []

    async def hire(self, role: str, login: str = "") -> int:
        """A console user with PASSWORD, by the command line."""
        new = {"login": login or role, "password": PASSWORD, "role": role, "surname": "Иванов"}
        return int((await self.server.ask("add-console-user", new))["id"])

    def browser(self, key: str = "") -> Browser:
        """A fresh browser."""
        self._browsers.append(Browser(self.server, key))
        return self._browsers[-1]

    async def signed_in(self, login: str) -> Browser:
        """A browser in which a user with PASSWORD is signed in."""
        browser = self.browser()
        await browser.sign_in(login)
        return browser

    async def close(self) -> None:
        """Close all browsers."""
        for browser in self._browsers:
            await browser.close()


@pytest.fixture
async def office(server: Server) -> AsyncIterator[Office]:
    """The program with one user per role."""
    office = Office(server)
    for role, login in (("security", "security"), ("admin", "chief"), ("operator", "operator")):
        await office.hire(role, login)
    yield office
    await office.close()


async def test_the_first_password_opens_nothing_but_its_own_change(office: Office) -> None:
    browser = office.browser()
    report = await office.server.program.parts.report()
    assert report.state == "degraded"
    assert "admin" in report.parts["ms"].text
    view = await browser.ok("POST", "/session", FIRST)
    assert view["mustChangePassword"] is True
    assert view["role"] == "security"
    assert (await browser.ok("GET", "/session"))["login"] == "admin"
    for path in ("/users", "/audit", "/account"):
        status, answer = await browser("GET", path)
        assert (status, answer["error"]) == (403, "password-must-change"), path
    change = {"oldPassword": "123456", "newPassword": "123456"}
    status, answer = await browser("PUT", "/session/password", change)
    assert (status, answer["fields"]) == (400, {"newPassword": "too-short"})
    view = await browser.ok("PUT", "/session/password", change | {"newPassword": PASSWORD})
    assert view["mustChangePassword"] is False
    assert [user["login"] for user in await browser.ok("GET", "/users")] == ["admin", "chief", "operator", "security"]
    assert (await office.server.program.parts.report()).parts["ms"].state == "ok"


async def test_the_first_password_is_refused_from_outside(office: Office) -> None:
    bus = office.server.program.bus
    for address, near in (("192.0.2.7", False), ("8.8.8.8", False), ("10.1.2.3", True), ("fe80::1%eth0", True)):
        caller = Caller(Role.SYSTEM, address=address)
        if near:
            assert (await bus.call(SignInToConsole("admin", "123456"), caller)).reply.login == "admin"
            continue
        with pytest.raises(RoschatError, match="private networks") as refused:
            await bus.call(SignInToConsole("admin", "123456"), caller)
        assert refused.value.code == "access-denied"


async def test_each_role_reaches_its_own_ways_only(office: Office) -> None:
    """Every declared way is tried by every role; who may not is refused before the command is looked at."""
    for role, login in (("security", "security"), ("admin", "chief"), ("operator", "operator")):
        browser = await office.signed_in(login)
        for way in rest.ways():
            if way.path == "/session":
                continue
            path = re.sub(r"\{\w+\}", "0", way.path)
            body: Any = {"no-such-field": 1} if way.method in ("POST", "PUT") else None
            query = {} if body else {"no-such-field": "1"}
            status, answer = await browser(way.method, path, body, params=query)
            if Role(role) in way.declaration.access:
                assert (status, answer["error"]) == (400, "bad-request"), (role, way.method, path, answer)
                assert "no-such-field" in answer["text"]
            else:
                assert (status, answer["error"]) == (403, "access-denied"), (role, way.method, path, answer)


async def test_nobody_reaches_anything(office: Office) -> None:
    browser = office.browser()
    for way in rest.ways():
        if (way.method, way.path) == ("POST", "/session"):
            continue
        body: Any = {} if way.method in ("POST", "PUT") else None
        status, answer = await browser(way.method, re.sub(r"\{\w+\}", "0", way.path), body)
        assert (status, answer["error"]) == (401, "not-authorized"), (way.method, way.path)


async def test_wrong_login_and_wrong_password_look_alike_and_make_wait(office: Office) -> None:
    browser = office.browser()
    known = await browser("POST", "/session", {"login": "chief", "password": "wrong horse"})
    unknown = await browser("POST", "/session", {"login": "nobody", "password": "wrong horse"})
    assert known == unknown
    assert known[1]["error"] == "bad-login-psw"
    for _ in range(4):
        await browser("POST", "/session", {"login": "chief", "password": "wrong horse"})
    status, answer = await browser("POST", "/session", {"login": "chief", "password": PASSWORD})
    assert (status, answer["error"]) == (429, "too-many-requests")
    await office.server.ask("reset-console-password", {"login": "chief", "password": PASSWORD})
    await browser.sign_in("chief")


async def test_a_deactivated_user_is_out_at_once_and_stays_out(office: Office) -> None:
    chief, security = await office.signed_in("chief"), await office.signed_in("security")
    number = next(user["id"] for user in await security.ok("GET", "/users") if user["login"] == "chief")
    change = {"role": "admin", "surname": "Петров", "active": False}
    await security.ok("PUT", f"/users/{number}", change)
    assert (await chief("GET", "/session"))[0] == 401
    status, answer = await chief("POST", "/session", {"login": "chief", "password": PASSWORD})
    assert (status, answer["error"]) == (400, "bad-login-psw")
    await security.ok("PUT", f"/users/{number}", change | {"active": True})
    await chief.sign_in("chief")
    await security.ok("PUT", f"/users/{number}", change | {"active": True, "role": "operator"})
    assert (await chief("GET", "/session"))[0] == 401, "another role is another sign-in"
    entries = (await security.ok("GET", "/audit", params={"action": "console-user-change"}))["entries"]
    assert entries[0]["before"]["role"] == "admin"
    assert entries[0]["after"]["role"] == "operator"
    assert entries[0]["who"] == "security"
    assert entries[0]["address"] == "127.0.0.1"


async def test_the_last_security_administrator_stays(office: Office) -> None:
    security = await office.signed_in("security")
    users = {user["login"]: user["id"] for user in await security.ok("GET", "/users")}
    await security.ok("DELETE", f"/users/{users['admin']}")
    me = {"role": "security", "surname": "Иванов"}
    for method, change in (("DELETE", None), ("PUT", me | {"role": "admin"}), ("PUT", me | {"active": False})):
        status, answer = await security(method, f"/users/{users['security']}", change)
        assert (status, answer["error"]) == (403, "access-denied")
        assert "last active security administrator" in answer["text"]
    await security.ok("PUT", f"/users/{users['security']}", me | {"surname": "Сидоров"})


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("surname", "", "empty"),
        ("surname", " ", "empty"),
        ("surname", "Иванов<", "bad-value"),
        ("surname", "И" * 101, "too-long"),
        ("name", "Пётр;", "bad-value"),
        ("login", "", "empty"),
        ("login", "чиф", "bad-value"),
        ("login", "two words", "bad-value"),
        ("login", "CHIEF", "taken"),
        ("login", "a" * 65, "too-long"),
        ("password", "", "empty"),
        ("password", "short", "too-short"),
        ("password", "newcomer.one", "too-easy"),
        ("password", "1234567890", "too-easy"),
        ("password", "aaaaaaaaaaaa", "too-easy"),
        ("password", "password123", "too-easy"),
        ("email", "nobody", "bad-email"),
        ("email", ".a@example.org", "bad-email"),
        ("email", "тест@example.org", "bad-email"),
    ],
)
async def test_a_user_that_breaks_a_rule_is_not_added(office: Office, field: str, value: str, why: str) -> None:
    security = await office.signed_in("security")
    new = {"login": "newcomer.one", "password": PASSWORD, "role": "operator", "surname": "Петров-Водкин"}
    status, answer = await security("POST", "/users", new | {field: value})
    assert (status, answer["fields"]) == (400, {field: why})
    assert field != "password" or len(value) < 8 or value not in answer["text"]
    assert len(await security.ok("GET", "/users")) == 4


async def test_totp_and_recovery_codes(office: Office) -> None:
    browser = await office.signed_in("operator")
    status, answer = await browser("POST", "/account/totp", {"password": "wrong"})
    assert (status, answer["error"]) == (400, "bad-login-psw")
    offer = await browser.ok("POST", "/account/totp", {"password": PASSWORD})
    assert offer["qr"].startswith("<svg")
    assert f"secret={offer['secret']}" in offer["uri"]
    totp = pyotp.TOTP(offer["secret"])
    status, answer = await browser("POST", "/account/totp/confirm", {"code": "000000"})
    assert answer.get("fields") == {"code": "bad-value"} or totp.verify("000000", valid_window=2)
    now = office.server.program.clock.now()
    codes = (await browser.ok("POST", "/account/totp/confirm", {"code": totp.at(int(now) - 30)}))["codes"]
    assert len(set(codes)) == 10

    fresh, who = office.browser(), {"login": "operator", "password": PASSWORD}
    status, answer = await fresh("POST", "/session", who)
    assert (status, answer["error"], answer["fields"]) == (400, "second-factor", {"factor": "totp", "code": "needed"})
    status, answer = await fresh("POST", "/session", who | {"code": "123"})
    assert answer["fields"]["code"] == "bad-value"
    code = totp.at(int(office.server.program.clock.now()))
    assert (await fresh.sign_in("operator", code=code))["factor"] == "totp"
    status, answer = await fresh("POST", "/session", who | {"code": code})
    assert answer["fields"]["code"] == "bad-value", "a code counts once"
    await fresh.sign_in("operator", code=codes[0].upper())
    status, answer = await fresh("POST", "/session", who | {"code": codes[0]})
    assert answer["fields"]["code"] == "bad-value", "a recovery code counts once"
    assert (await fresh.ok("GET", "/account"))["recoveryCodes"] == 9
    security = await office.signed_in("security")
    number = next(user["id"] for user in await security.ok("GET", "/users") if user["login"] == "operator")
    await security.ok("DELETE", f"/users/{number}/factor")
    await fresh.sign_in("operator")


async def test_a_mailed_code(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    letters: list[SendMail] = []

    async def take(letter: SendMail, caller: Caller) -> Empty:
        letters.append(letter)
        return Empty()

    monkeypatch.setitem(office.server.program.bus._servers, SendMail, take)  # type: ignore[union-attr]
    browser = await office.signed_in("chief")
    status, answer = await browser("POST", "/account/mail-code", {"password": PASSWORD, "email": "x"})
    assert (status, answer["fields"]) == (400, {"email": "bad-email"})
    await browser.ok("POST", "/account/mail-code", {"password": PASSWORD, "email": "chief@example.org"})
    assert letters[0].to == "chief@example.org"
    assert (await browser.ok("GET", "/account"))["factor"] == "none", "not before it is confirmed"
    await browser.ok("POST", "/account/mail-code/confirm", {"code": _digits(letters[0])})
    account = await browser.ok("GET", "/account")
    assert (account["factor"], account["email"]) == ("mail", "chief@example.org")

    fresh, who = office.browser(), {"login": "chief", "password": PASSWORD}
    for _ in range(2):
        status, answer = await fresh("POST", "/session", who)
        assert answer["fields"] == {"factor": "mail", "code": "needed"}
    assert len(letters) == 2, "a second one is sent after a minute only"
    await fresh.sign_in("chief", code=_digits(letters[1]))


def _digits(letter: SendMail) -> str:
    return str(re.findall(r"\b\d{6}\b", letter.text)[0])


async def test_sessions_are_listed_and_ended(office: Office) -> None:
    here, there = await office.signed_in("chief"), await office.signed_in("chief")
    listed = await here.ok("GET", "/account/sessions")
    assert [one["current"] for one in listed].count(True) == 1
    other = next(one["id"] for one in listed if not one["current"])
    await here.ok("DELETE", "/account/sessions", params={"session": str(other)})
    assert (await there("GET", "/session"))[0] == 401
    await there.sign_in("chief")
    await here.ok("PUT", "/session/password", {"oldPassword": PASSWORD, "newPassword": "nine blue horses"})
    assert (await there("GET", "/session"))[0] == 401, "another password ends the other sessions"
    security = await office.signed_in("security")
    number = next(user["id"] for user in await security.ok("GET", "/users") if user["login"] == "chief")
    assert len(await security.ok("GET", f"/users/{number}/sessions")) == 1
    await security.ok("DELETE", f"/users/{number}/sessions")
    assert (await here("GET", "/session"))[0] == 401
    await security.ok("DELETE", "/session")
    assert (await security("GET", "/session"))[0] == 401
    assert "Max-Age=0" in security.last.headers.get("set-cookie", "Max-Age=0")


async def test_keys_have_a_role_scopes_and_an_end(office: Office) -> None:
    security = await office.signed_in("security")
    assert {"name": "jobs", "roles": ["admin", "operator"]} in await security.ok("GET", "/keys/scopes")
    for field, value in (("name", ""), ("scopes", ["nonsense"]), ("expires", 1)):
        status, answer = await security("POST", "/keys", {"name": "x", "role": "admin", field: value})
        assert (status, list(answer["fields"])) == (400, [field])
    made = await security.ok("POST", "/keys", {"name": "backup", "role": "security", "scopes": ["users"]})
    reader = office.browser(made["key"])
    assert len(await reader.ok("GET", "/users")) == 4
    new = {"login": "x", "password": PASSWORD, "role": "admin", "surname": "X"}
    for method, path, body in (("POST", "/users", new), ("GET", "/audit", None), ("GET", "/jobs", None)):
        status, answer = await reader(method, path, body)
        assert (status, answer["error"]) == (403, "access-denied"), path
    assert (await reader("GET", "/account"))[0] == 403, "a key has no account"
    writer = await security.ok("POST", "/keys", {"name": "writer", "role": "security", "readOnly": False})
    program = office.browser(writer["key"])
    await program.ok("POST", "/users", new)
    listed = await security.ok("GET", "/keys")
    assert [one["name"] for one in listed] == ["writer", "backup"]
    assert writer["key"].startswith(listed[0]["start"])
    assert listed[0]["seen"] > 0
    assert (await security.ok("GET", "/audit"))["entries"][0]["who"] == "key writer"
    await security.ok("DELETE", f"/keys/{writer['id']}")
    assert (await program("GET", "/users"))[0] == 401
    assert (await office.browser("rk_nonsense")("GET", "/users"))[0] == 401


async def test_requests_of_other_sites_and_other_forms_are_refused(office: Office) -> None:
    chief = await office.signed_in("chief")
    change = {"oldPassword": PASSWORD, "newPassword": "nine blue horses"}
    status, answer = await chief("PUT", "/session/password", change, headers={"sec-fetch-site": "cross-site"})
    assert (status, answer["error"]) == (403, "access-denied")
    for data, kind in ((b"{}", "text/plain"), (b"{}", "application/x-www-form-urlencoded")):
        status, answer = await chief("PUT", "/session/password", data=data, headers={"content-type": kind})
        assert status == 400
        assert "application/json" in answer["text"]
    as_json = {"content-type": "application/json"}
    for data in (b"[]", b"{", b"\xff", b"1", b"[" * 100_000, b'{"oldPassword": "\\u0000", "newPassword": "x"}'):
        status, answer = await chief("PUT", "/session/password", data=data, headers=as_json)
        assert (status, answer["error"]) == (400, "bad-request"), data[:20]
    status, answer = await chief("PUT", "/session/password", change | {"newPasword": "x"})
    assert "did you mean 'newPassword'" in answer["text"]
    for query in ("id=99999999999999999999", "count=x", "count=1&count=2", "kind=%00", "kind=%ff", "nonsense=1"):
        status, answer = await chief("GET", f"/jobs?{query}")
        assert (status, answer["error"]) == (400, "bad-request"), query
    status, answer = await chief("GET", "/jobs/99999999999999999999999")
    assert status == 400
    status, answer = await chief("PATCH", "/jobs")
    assert (status, answer["error"], chief.last.headers["allow"]) == (405, "method-not-allowed", "GET")
    assert (await chief("GET", "/nonsense"))[0] == 404
    assert chief.last.headers["x-frame-options"] == "DENY"
    assert len(chief.last.headers["x-request-id"]) == 16


async def test_too_many_requests_of_one_session_are_slowed_down(office: Office) -> None:
    setting = {"section": "console", "key": "requests_per_minute", "value": 60}
    await office.server.ask("settings-set", setting)
    chief = await office.signed_in("chief")
    statuses = [(await chief("GET", "/session"))[0] for _ in range(62)]
    assert statuses.count(429) in (1, 2)
    operator = await office.signed_in("operator")
    await operator.ok("GET", "/session")


async def test_the_journal_is_filtered_paged_and_exported(office: Office) -> None:
    security = await office.signed_in("security")
    for number in range(3):
        new = {"login": f"user{number}", "password": PASSWORD, "role": "operator", "surname": "Петров"}
        await security.ok("POST", "/users", new)
    first = await security.ok("GET", "/audit", params={"action": "console-user-add", "who": "security", "count": 2})
    assert [entry["subject"] for entry in first["entries"]] == ["user2", "user1"]
    rest_ = await security.ok(
        "GET", "/audit", params={"action": "console-user-add", "who": "security", "before": first["next"]}
    )
    assert [entry["subject"] for entry in rest_["entries"]] == ["user0"]
    assert rest_["next"] == 0
    assert "password" not in rest_["entries"][0]["after"]
    names = await security.ok("GET", "/audit/names")
    assert {"security", "system"} <= set(names["who"])
    assert "sign-in" in names["actions"]
    for bad in ({"since": "-1"}, {"until": "1e300"}, {"count": 0}, {"count": 501}, {"before": -1}):
        status, answer = await security("GET", "/audit", params=bad)
        assert (status, list(answer["fields"])) == (400, list(bad))
    exported = await security.ok("GET", "/audit/export", params={"format": "json", "text": "user1"})
    assert [entry["subject"] for entry in exported] == ["user1"]
    text = await security.text("/audit/export?action=console-user-add")
    assert text.startswith("\ufeffid;time;who")
    assert text.count("console-user-add") == 6
    assert (await security("GET", "/audit/export?format=xml"))[0] == 400
    assert (await (await office.signed_in("chief"))("GET", "/audit/export"))[0] == 403


async def test_a_change_that_nobody_recorded_is_recorded_by_the_gateway(office: Office) -> None:
    chief, security = await office.signed_in("chief"), await office.signed_in("security")
    job = await office.server.program.jobs.start("test-work", Caller(name="chief"), _until_cancelled, total=2)
    assert (await chief.ok("GET", f"/jobs/{job}"))["state"] == "running"
    operator = await office.signed_in("operator")
    assert (await operator("DELETE", f"/jobs/{job}"))[0] == 403
    await chief.ok("DELETE", f"/jobs/{job}")
    entry = (await security.ok("GET", "/audit"))["entries"][0]
    assert (entry["action"], entry["who"], entry["subject"]) == ("cancel-job", "chief", f"/api/v1/jobs/{job}")
    async with asyncio.timeout(10):
        while (await chief.ok("GET", f"/jobs/{job}"))["state"] == "running":
            continue
    assert (await chief.ok("GET", "/jobs"))[0]["state"] == "cancelled"
    assert (await chief("GET", "/jobs/123456"))[0] == 404


async def _until_cancelled(job: Job) -> object:
    while not job.cancelled:
        await job.progress(1)
    return {}


async def test_the_command_line_lets_a_locked_out_administrator_in(office: Office) -> None:
    here = ("--data", str(office.server.program.folder.path), "--config", str(office.server.program.folder.path))
    code, output, errors = await admin("console-user", "reset-password", "admin", "--json", *here)
    assert code == 0, errors
    browser = office.browser()
    view = await browser.sign_in("admin", json.loads(output)["password"])
    assert view["mustChangePassword"] is True
    code, _, errors = await admin("console-user", "reset-password", "nobody", *here)
    assert (code, "no console user" in errors) == (1, True)
    new = ("--login", "second", "--surname", "Орлов", "--role", "security", "--password", PASSWORD)
    code, output, errors = await admin("console-user", "add", *new, *here)
    assert (code, "second" in output, PASSWORD in output) == (0, True, False), errors
    code, output, _ = await admin("console-user", "list", *here)
    assert re.search(r"second\s+security\s+Орлов\s+none\s+0", output)
