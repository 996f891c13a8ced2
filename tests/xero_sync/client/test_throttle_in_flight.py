"""Never more than five calls under way."""

from tests.xero_sync.client.fakes import VirtualClock, limited
from tests.xero_sync.client.throttled import FINE, awake, call, held, left, taken
from xero_sync.client.allowance import Hold
from xero_sync.client.throttle import MemoryBudget, Throttle


def test_no_more_than_five_calls_are_in_flight() -> None:
    throttle = awake(VirtualClock())
    slots = [taken(throttle) for _ in range(5)]

    assert held(throttle) == Hold("concurrent", 0.25)

    throttle.give_back(slots[2], FINE)
    taken(throttle)
    assert held(throttle).problem == "concurrent"


def test_leave_for_many_is_given_for_as_many_as_may_go() -> None:
    throttle = awake(VirtualClock())
    first = taken(throttle)

    leave = throttle.take(6)

    assert isinstance(leave, list)
    assert len({slot.name for slot in (first, *leave)}) == 5
    assert throttle.take(6) == Hold("concurrent", 0.25)


def test_leave_is_over_when_others_may_have_it() -> None:
    clock = VirtualClock()
    throttle = awake(clock)
    slot = taken(throttle)

    clock.sleep(74)
    assert not throttle.is_over(slot)
    clock.sleep(1)
    assert throttle.is_over(slot)


def test_after_a_minute_of_silence_one_call_goes_ahead_and_asks_what_is_left() -> None:
    clock = VirtualClock()
    throttle = Throttle(MemoryBudget(), clock)
    first = taken(throttle)
    assert held(throttle).problem == "concurrent"

    throttle.give_back(first, left(minute=2))

    slots = [taken(throttle), taken(throttle)]
    assert held(throttle) == Hold("minute", 61.0)
    for slot in slots:
        throttle.give_back(slot, FINE)
    clock.advance(62)
    taken(throttle)
    assert held(throttle).problem == "concurrent"


def test_no_answer_tells_nothing_about_what_is_left() -> None:
    throttle = Throttle(MemoryBudget(), VirtualClock())

    call(throttle, None)

    taken(throttle)
    assert held(throttle).problem == "concurrent"


def test_a_slot_that_is_never_given_back_is_free_after_75_seconds() -> None:
    clock = VirtualClock()
    throttle = awake(clock)
    for _ in range(4):
        taken(throttle)
    clock.advance(30)
    call(throttle)
    taken(throttle)
    clock.advance(44.999)
    assert held(throttle).problem == "concurrent"

    clock.advance(0.001)

    for _ in range(4):
        taken(throttle)
    assert held(throttle).problem == "concurrent"


def test_too_many_at_once_narrows_the_way_and_it_widens_by_and_by() -> None:
    clock = VirtualClock()
    throttle = awake(clock)
    slots = [taken(throttle) for _ in range(5)]
    clock.advance(1)
    # Those of one burst say the same thing.
    for slot in slots:
        throttle.give_back(slot, limited(x_rate_limit_problem="concurrent"))

    def at_once() -> int:
        slots = []
        while isinstance(leave := throttle.take(), list):
            slots += leave
        for slot in slots:
            throttle.give_back(slot, FINE)
        return len(slots)

    assert at_once() == 4
    clock.advance(59.999)
    assert at_once() == 4
    clock.advance(0.001)
    assert at_once() == 5


def test_one_call_is_always_let_through() -> None:
    clock = VirtualClock()
    throttle = awake(clock)
    for _ in range(9):
        clock.advance(0.5)
        call(throttle, limited(x_rate_limit_problem="concurrent"))

    taken(throttle)
    assert held(throttle).problem == "concurrent"
