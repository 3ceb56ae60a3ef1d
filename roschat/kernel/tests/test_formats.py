"""The rules of typed values, with every refused example of the vendor's tests (console-facts §3)."""

import pytest

from roschat.kernel.errors import Invalid
from roschat.kernel.formats import is_email, is_host, is_ipv4, is_network, is_port, is_url, reason, refuse

HOST_SIGNS = " !\"/#$%&'()*+,:;<=>?[\\]^_`{|}~“”‘’–ё№»Я"
EMAIL_SIGNS = ' "(),:;<>[\\]“”–ё№»Я'


def anywhere(sign: str, good: str) -> list[str]:
    return [good[:at] + sign + good[at:] for at in (0, len(good) // 2, len(good))]


@pytest.mark.parametrize("value", ["ros.chat", "testing2.roschat.ru", "10.0.0.1", "a-b.example", "127.0.0.1"])
def test_hosts(value: str) -> None:
    assert is_host(value)


@pytest.mark.parametrize(
    "value",
    ["", "t", ".chat", "testing2roschat", "r.chat", "-ros.chat", "ros-.chat", "ros..chat", "ros.chat.", ".ros.chat",
     "ros.chat-", "1.2.3", "256.1.1.1", "a" * 64 + ".ru", *(v for s in HOST_SIGNS for v in anywhere(s, "ros.chat"))],
)  # fmt: skip
def test_what_is_no_host(value: str) -> None:
    assert not is_host(value)


@pytest.mark.parametrize(
    "value", ["1.2.3.", "1..2.3", "1.2.3.256", "1.2.3.00", "a.2.3.4", "1.2.3,4", "1.2.3.4.5", "١.1.1.1"]
)
def test_what_is_no_address(value: str) -> None:
    assert not is_ipv4(value)


def test_ports() -> None:
    assert all(is_port(str(port)) for port in (*range(1, 10), 80, 65535))
    assert not any(is_port(text) for text in ("", "0", "65536", "-1", "1.5", "8o", "٣", "1" * 400))


@pytest.mark.parametrize("value", ["a@ros.chat", "first.last+tag@mail.example.ru"])
def test_emails(value: str) -> None:
    assert is_email(value)


@pytest.mark.parametrize(
    "value",
    ["", "ros.chat", "test@infotekru", ".test@infotek.ru", "test@infotek.ru.", "test.@infotek.ru", "a@b@c.ru",
     *(v for s in EMAIL_SIGNS for v in anywhere(s, "test@infotek.ru"))],
)  # fmt: skip
def test_what_is_no_email(value: str) -> None:
    assert not is_email(value)


def test_urls_and_networks() -> None:
    assert is_url("https://ros.chat:8443/path")
    assert is_url("http://localhost:1")
    assert not any(map(is_url, ("ftp://ros.chat", "https://", "https://ros.chat:0", "ros.chat")))
    assert is_network("10.0.0.0/8")
    assert is_network("fd00::/8")
    assert not is_network("10.0.0.0/33")


def test_a_refusal_names_every_field() -> None:
    assert reason("host", "", needed=False) == ""
    assert reason("host", "") == "empty"
    with pytest.raises(Invalid) as refusal:
        refuse({"address": reason("host", "t"), "port": reason("port", "65536"), "name": ""})
    assert refusal.value.fields == {"address": "bad-host", "port": "bad-port"}
    refuse({"name": ""})
