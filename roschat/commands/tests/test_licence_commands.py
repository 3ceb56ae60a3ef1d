"""The vendor's tool: keys, issuing, looking into files."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from roschat.commands.licence import licence
from roschat.kernel.errors import Invalid
from roschat.proto import licence as files

INSTALLATION = files.installation_number(b"x")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(licence, arguments)


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, str]:
    file = tmp_path / "private.key"
    done = run("keygen", str(file))
    assert done.exit_code == 0
    return file, done.output.strip()


def test_keygen_issue_inspect(tmp_path: Path, key: tuple[Path, str]) -> None:
    file, public = key
    assert file.stat().st_mode & 0o777 == 0o600
    assert isinstance(run("keygen", str(file)).exception, Invalid)
    out = tmp_path / "a.licence"
    done = run(
        "issue", "--key", str(file), "--number", "7", "--customer", "ООО", "--people", "500", "--computers", "200",
        "--activation", INSTALLATION, "--until", "2030-12-31", "--option", "fax", "--option", "push",
        "--e1-board", "116895", "--e1-board", "10800004", "--out", str(out),
    )  # fmt: skip
    assert done.exit_code == 0, done.exception
    made = files.read(out.read_text(), [public])
    assert (made.people, made.computers, made.fax, made.sorm, made.until) == (500, 200, True, False, "2030-12-31")
    assert made.e1_boards == ["116895", "10800004"]
    shown = run("inspect", str(out), "--key", public)
    assert "good" in shown.output
    assert "116895, 10800004" in shown.output
    assert isinstance(run("inspect", str(out), "--key", files.public_key(files.new_key())).exception, Invalid)


def test_from_an_activation_key(tmp_path: Path, key: tuple[Path, str]) -> None:
    asking = tmp_path / "ask.txt"
    asking.write_text(files.activation_key(files.Activation(INSTALLATION, "1.0", "2026-09-01", 5)))
    assert INSTALLATION in run("inspect", str(asking)).output
    issue = ("issue", "--key", str(key[0]), "--number", "7", "--customer", "c", "--people", "5")
    done = run(*issue, "--activation", str(asking))
    assert files.inspect(done.output)[0].installation == INSTALLATION
    assert isinstance(run(*issue).exception, Invalid)
    assert isinstance(run(*issue, "--activation", "no such file").exception, Invalid)
    assert isinstance(run(*issue, "--login", "a", "--until", "soon").exception, Invalid)
