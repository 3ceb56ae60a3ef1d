"""Keys are made once, kept private, and the same for everybody on the folder."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from roschat.kernel.errors import Invalid
from roschat.kernel.secrets import Secrets


def test_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    key = Secrets(folder).get("tokens")
    assert len(key) == 32
    assert Secrets(folder).get("tokens") == key
    assert Secrets(folder).get("cookies") != key
    assert (folder / "tokens").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["cookies", "tokens"]


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: Secrets(tmp_path).get("tokens"), range(32)))) == 1


def test_damaged_file_is_refused(tmp_path: Path) -> None:
    Secrets(tmp_path).get("tokens")
    (tmp_path / "tokens").write_bytes(b"short")
    with pytest.raises(Invalid, match="holds 5 bytes instead of 32"):
        Secrets(tmp_path).get("tokens")


def test_readable_file_is_refused(tmp_path: Path) -> None:
    Secrets(tmp_path).get("tokens")
    (tmp_path / "tokens").chmod(0o644)
    with pytest.raises(Invalid, match="may be read by others"):
        Secrets(tmp_path).get("tokens")


@pytest.mark.parametrize("name", ["", "../tokens", "Tokens", ".hidden"])
def test_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid, match="is no name of a secret"):
        Secrets(tmp_path).get(name)
