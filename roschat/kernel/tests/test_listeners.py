import os
import socket

import pytest
from msgspec.structs import replace

from roschat.kernel import listeners
from roschat.kernel.errors import Invalid
from roschat.kernel.listeners import NAMES, Listener, PortFailed, close, open_ports, owners
from roschat.kernel.local import LocalConfig

FREE = dict.fromkeys(NAMES, 0)
LOOPBACK = ["127.0.0.1"]


def test_every_listener_gets_a_free_port_on_request() -> None:
    opened = open_ports(LocalConfig(ports=FREE, bind=LOOPBACK, plain=["websocket"]))
    assert set(opened) == set(NAMES)
    assert {name for name, one in opened.items() if one.tls} == {"https", "console"}
    for one in opened.values():
        assert one.addresses == [f"127.0.0.1:{one.port}"]
        socket.create_connection(("127.0.0.1", one.port), timeout=5).close()
    close(opened)


def test_processes_that_agree_share_a_port() -> None:
    config = LocalConfig(ports={"https": 0}, bind=LOOPBACK, listeners=["https"], share_ports=True)
    first = open_ports(config)
    again = replace(config, ports={"https": first["https"].port})
    second = open_ports(again)
    assert second["https"].port == first["https"].port
    with pytest.raises(PortFailed, match="is taken"):
        open_ports(replace(again, share_ports=False))
    close(first)
    close(second)


def test_one_free_port_serves_all_addresses() -> None:
    opened = open_ports(LocalConfig(ports={"https": 0}, bind=["127.0.0.1", "127.0.0.2"], listeners=["https"]))
    assert {one.getsockname()[1] for one in opened["https"].sockets} == {opened["https"].port}
    close(opened)


def test_a_taken_port_names_port_owner_and_option_and_frees_the_others() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortFailed) as caught:
            open_ports(LocalConfig(ports={**FREE, "console": port}, bind=LOOPBACK))
        assert f"Port {port} (console) is taken by " in caught.value.text
        assert f"(process {os.getpid()})" in caught.value.text
        assert "--ports console=PORT" in caught.value.text


def test_owners_of_a_port_that_nobody_listens_on() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert list(owners(bound.getsockname()[1])) == []


def test_without_rights_the_product_ports_fall_back_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        fallback = probe.getsockname()[1]
    row = Listener("http", 80, tls=False, fallback=fallback)
    monkeypatch.setattr(listeners, "LISTENERS", (row,))
    real = listeners._socket

    def without_rights(name: str, address: str, port: int, *, share: bool) -> socket.socket:
        if port == 80:
            raise PermissionError
        return real(name, address, port, share=share)

    monkeypatch.setattr(listeners, "_socket", without_rights)
    opened = open_ports(LocalConfig(bind=LOOPBACK, listeners=["http"]))
    assert opened["http"].port == fallback
    assert "Port 80 needs administrator's rights" in opened["http"].note
    close(opened)
    with pytest.raises(PortFailed, match="may only be opened by an administrator"):
        open_ports(LocalConfig(bind=LOOPBACK, listeners=["http"], ports={"http": 80}))


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (LocalConfig(ports={"htps": 1}), "did you mean 'https'"),
        (LocalConfig(listeners=["web"]), "There is no listener 'web'"),
        (LocalConfig(ports={"https": 70000}), "70000"),
    ],
)
def test_wrong_tables_are_refused(config: LocalConfig, sentence: str) -> None:
    with pytest.raises(Invalid) as caught:
        open_ports(config)
    assert sentence in caught.value.text


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(PortFailed, match=r"192\.0\.2\.1"):
        open_ports(LocalConfig(ports=FREE, bind=["192.0.2.1"]))
