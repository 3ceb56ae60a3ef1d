"""Rate limits of sign-ins, on a clock that the test moves."""

import pytest

from roschat.kernel.clock import ManualClock
from roschat.kernel.errors import TooMany
from roschat.kernel.tries import Tries, UsualLimits


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def tries(clock: ManualClock) -> Tries:
    limits = UsualLimits(
        tries_per_login=3, tries_per_address=5, first_delay=2, longest_delay=10, forget_tries_after=600
    )
    return Tries(clock, lambda: limits)


def fail(tries: Tries, login: str, address: str) -> None:
    tries.begin(login, address)
    tries.failed(address)


def test_each_failure_doubles_the_delay_up_to_the_longest(tries: Tries, clock: ManualClock) -> None:
    for number in range(3):
        fail(tries, "orlova", f"192.0.2.{number}")
    for delay in (2, 4, 8, 10, 10):
        with pytest.raises(TooMany):
            tries.begin("orlova", "198.51.100.1")
        clock.advance(delay - 0.1)
        with pytest.raises(TooMany):
            tries.begin("orlova", "198.51.100.1")
        clock.advance(0.1)
        tries.begin("orlova", "198.51.100.1")


def test_success_and_time_forget(tries: Tries, clock: ManualClock) -> None:
    for number in range(2):
        fail(tries, "orlova", f"192.0.2.{number}")
    tries.begin("orlova", "192.0.2.3")
    tries.succeeded("orlova")
    for number in range(3):
        fail(tries, "orlova", f"192.0.2.{number}")
    clock.advance(601)
    for number in range(3):
        fail(tries, "orlova", f"192.0.2.{number}")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ],
)
def test_an_address_is_limited_over_all_logins(tries: Tries, first: str, second: str, same: bool) -> None:
    for number in range(5):
        fail(tries, f"login-{number}", first)
    if same:
        with pytest.raises(TooMany):
            tries.begin("another", second)
    else:
        tries.begin("another", second)


def test_sign_ins_that_succeed_do_not_count_against_an_address(tries: Tries) -> None:
    for number in range(100):
        tries.begin(f"login-{number}", "192.0.2.1")
        tries.succeeded(f"login-{number}")


def test_a_clock_jump_frees_nobody(tries: Tries, clock: ManualClock) -> None:
    for number in range(3):
        fail(tries, "orlova", f"192.0.2.{number}")
    clock.jump(86_400)
    with pytest.raises(TooMany):
        tries.begin("orlova", "192.0.2.9")
