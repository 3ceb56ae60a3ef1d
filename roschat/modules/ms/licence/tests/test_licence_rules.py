"""What a licence is worth as time passes."""

import pytest

from roschat.modules.ms.licence import rules
from roschat.modules.ms.licence.api import LicenceProblem
from roschat.modules.ms.licence.rules import DAY
from roschat.proto.licence import COMMUNITY, Licence

ENDS = rules.last_moment("2026-06-30")
FILE = Licence(number="1", customer="c", issued="2026-01-01", installation="x", people=500, computers=20, fax=True)
ONLINE = Licence(number="1", customer="c", issued="2026-01-01", login="x", people=500)
DATED = Licence(number="1", customer="c", issued="2026-01-01", until="2026-06-30", installation="x", people=500)


def test_without_a_licence_fifty_people_have_everything() -> None:
    found = rules.judge(None, None, ENDS, 0)
    assert (found.state, found.licence.people, found.problems) == ("community", 50, [])
    assert all(getattr(found.licence, flag) for flag in ("sorm", "alert", "voice_menu", "fax", "push", "geolocation"))


def test_without_end_it_never_ends() -> None:
    assert rules.judge(FILE, None, ENDS + 10_000 * DAY, 0).state == "active"


@pytest.mark.parametrize(
    ("days", "state", "people", "left"),
    [
        (-0.01, "active", 500, None),
        (0, "expired", 500, 10),
        (9.5, "expired", 500, 0),
        (10, "ended", 50, -1),
        (400, "ended", 50, -1),
    ],
)
def test_ten_days_after_the_last(days: float, state: str, people: int, left: int | None) -> None:
    found = rules.judge(DATED, None, ENDS + days * DAY, 0)
    assert (found.state, found.licence.people) == (state, people)
    assert [problem.days for problem in found.problems] == ([] if left is None else [left])
    assert all(rules.told(problem) for problem in found.problems)


@pytest.mark.parametrize(
    ("days", "state", "people", "left"),
    [
        (0, "active", 500, None),
        (1.5, "active", 500, None),
        (3, "offline", 500, 27),
        (29.9, "offline", 500, 0),
        (30.1, "ended", 50, -1),
    ],
)
def test_thirty_days_without_the_licence_server(days: float, state: str, people: int, left: int | None) -> None:
    found = rules.judge(ONLINE, None, ENDS + days * DAY, ENDS)
    assert (found.state, found.licence.people) == (state, people)
    assert [problem.days for problem in found.problems] == ([] if left is None else [left])


def test_after_the_end_nothing_is_more_than_it_was() -> None:
    few = Licence(number="1", customer="c", issued="2026-01-01", until="2026-06-30", installation="x", people=5)
    found = rules.judge(few, None, ENDS + 11 * DAY, 0)
    assert (found.licence.people, found.licence.fax) == (5, False)


def test_a_file_that_does_not_count() -> None:
    found = rules.judge(None, LicenceProblem("unknown", text="why"), ENDS, 0)
    assert (found.state, found.licence) == ("ended", COMMUNITY)
    assert rules.told(found.problems[0]).endswith("why")


def test_a_clock_that_was_set_back() -> None:
    assert rules.judged_time(ENDS, ENDS - 5) == (ENDS, False)
    assert rules.judged_time(ENDS - 3600, ENDS) == (ENDS - 3600, False)
    assert rules.judged_time(ENDS - 30 * DAY, ENDS) == (ENDS, True)


def test_what_is_over() -> None:
    assert rules.over(FILE, {"people": 500, "computers": 20}) == []
    (problem,) = rules.over(FILE, {"people": 5, "computers": 21})
    assert (problem.what, problem.text) == ("computers", "21 of 20")
    (problem,) = rules.over(FILE, {"sip_phones": 1})
    assert problem.what == "sipPhones"
