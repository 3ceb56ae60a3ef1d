import os
from pathlib import Path

import pytest

from roschat.commands.folder import open_home
from roschat.kernel.process import FolderFailed

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL under another account")


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return home


def test_inside_a_closed_home_the_data_folder_becomes_a_link(closed: Path, tmp_path: Path) -> None:
    note = open_home(closed / "var", tmp_path / "outside")
    assert (closed / "var").readlink() == tmp_path / "outside"
    assert str(tmp_path / "outside") in note
    assert open_home(closed / "var", tmp_path / "outside") == ""


def test_a_data_folder_that_exists_stays(closed: Path, tmp_path: Path) -> None:
    (closed / "var").mkdir()
    assert open_home(closed / "var", tmp_path / "outside") == ""
    assert not (closed / "var").is_symlink()


def test_what_belongs_to_another_installation_is_refused(closed: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "postgres").mkdir()
    with pytest.raises(FolderFailed, match="--data DIR"):
        open_home(closed / "var", tmp_path / "outside")


def test_an_open_folder_is_used_as_it_is(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o001 == 0:
            folder.chmod(folder.stat().st_mode | 0o011)
    assert open_home(tmp_path / "var", tmp_path / "outside") == ""
    assert not (tmp_path / "outside").exists()
