import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import ValidationError, convert

from roschat.kernel.clock import ManualClock
from roschat.kernel.log_file import LogFile, Settings, files, process_of

NAME = "roschat.log_file_test"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LogFile]:
    file = LogFile(tmp_path / "logs", "", ManualClock())
    file.open()
    yield file
    file.end()


def lines(log: LogFile) -> list[dict[str, Any]]:
    log.flush_waiting()
    return [
        line
        for file in files(log.folder)
        for line in map(json.loads, file.read_text().splitlines())
        if line["module"] == NAME
    ]


def test_lines_are_json_without_secrets_and_only_ours_may_read_them(log: LogFile) -> None:
    logging.getLogger(NAME).warning("signed in with password=hunter2", extra={"token": "abc", "cid": 5})
    (line,) = lines(log)
    assert line["level"] == "warning"
    assert line["cid"] == 5
    assert "hunter2" not in line["text"]
    assert line["token"] == "***"
    (file,) = files(log.folder)
    assert file.stat().st_mode & 0o777 == 0o600
    assert process_of(file) == "main"


def test_full_files_are_left_and_the_oldest_deleted(log: LogFile) -> None:
    log.follow(Settings(file_size=1, files=2))
    for number in range(4):
        for _ in range(12):
            logging.getLogger(NAME).warning("%d %s", number, "x" * 100_000)
        log.flush_waiting()
    assert len(files(log.folder)) == 2
    assert lines(log)[-1]["text"].startswith("3 ")


def test_levels_follow_the_settings_and_go_back(log: LogFile) -> None:
    logger = logging.getLogger(NAME)
    before = logger.level
    log.follow(Settings(levels={NAME: "error"}))
    logger.warning("not wanted")
    log.follow(Settings(levels={NAME: "debug"}))
    logger.debug("wanted")
    log.follow(Settings())
    assert logger.level == before
    assert [line["text"] for line in lines(log)] == ["wanted"]


def test_a_disk_that_is_away_drops_lines_and_says_how_many(log: LogFile, monkeypatch: pytest.MonkeyPatch) -> None:
    logger = logging.getLogger(NAME)

    def full() -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(log, "_begin", full)
        logger.warning("lost")
        log.flush_waiting()
    logger.warning("kept")
    assert [line["text"] for line in lines(log)] == ["kept"]
    assert any("1 lines of the log were dropped" in file.read_text() for file in files(log.folder))


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValidationError, match="'loud'"):
        convert({"levels": {"roschat": "loud"}}, Settings)
