"""No record is missed, whatever others edit between two pages."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from tests.xero_sync.client.fakes import pages
from xero_sync.client.paging import Page

START = datetime(2026, 11, 21, tzinfo=UTC)


class ChangingList:
    """Records in Xero's order; ``edits`` of them change after each page that is read."""

    def __init__(
        self, moments: list[datetime], *, page_size: int, edits: int = 0, seed: int = 0
    ) -> None:
        self.moments = dict(enumerate(moments))
        self.page_size = page_size
        self.edits = edits
        self.random = random.Random(seed)  # noqa: S311 - a repeatable order of edits
        self.now = max(moments, default=START)
        self.asked: list[tuple[datetime | None, int]] = []

    def fetch(self, since: datetime | None, number: int) -> Page:
        self.asked.append((since, number))
        rows = sorted((moment, name) for name, moment in self.moments.items())
        rows = [row for row in rows if since is None or row[0] >= since]
        first = (number - 1) * self.page_size
        page = rows[first : first + self.page_size]
        self.edit()
        elements: list[dict[str, object]] = [
            {"id": name, "UpdatedDateUTC": moment.isoformat()} for moment, name in page
        ]
        count = -(-len(rows) // self.page_size)
        return Page(elements, self.page_size, count, len(rows))

    def edit(self) -> None:
        for _ in range(self.edits):
            self.now += timedelta(milliseconds=250)
            self.moments[self.random.randrange(len(self.moments))] = self.now


def seconds_apart(number: int) -> list[datetime]:
    return [START + timedelta(seconds=second) for second in range(number)]


def read(
    source: ChangingList, since: datetime | None
) -> tuple[dict[int, str], datetime]:
    """What we hold after one sync, and its watermark."""
    held: dict[int, str] = {}
    watermark = since
    for part in pages(source.fetch, since):
        for element in part.elements:
            held[int(str(element["id"]))] = str(element["UpdatedDateUTC"])
        watermark = part.watermark
    assert watermark is not None
    return held, watermark


def stale(source: ChangingList, held: dict[int, str]) -> list[int]:
    return [
        name
        for name, moment in source.moments.items()
        if held.get(name) != moment.isoformat()
    ]


@pytest.mark.parametrize("edits", [0, 1, 5, 20])
@pytest.mark.parametrize("seed", range(5))
def test_after_a_quiet_second_sync_nothing_is_stale(edits: int, seed: int) -> None:
    source = ChangingList(seconds_apart(600), page_size=50, edits=edits, seed=seed)
    held, watermark = read(source, None)
    source.edits = 0

    again, _ = read(source, watermark)

    assert stale(source, held | again) == []


@pytest.mark.parametrize("edits", [1, 5])
@pytest.mark.parametrize("seed", range(5))
def test_a_whole_block_within_one_second_loses_nothing_either(
    edits: int, seed: int
) -> None:
    """An import stamps thousands of records with one moment."""
    block = [START + timedelta(seconds=5)] * 300
    source = ChangingList(
        seconds_apart(60) + block, page_size=50, edits=edits, seed=seed
    )
    held, watermark = read(source, None)
    source.edits = 0

    again, _ = read(source, watermark)

    assert stale(source, held | again) == []


def test_each_page_asks_for_what_came_after_the_last_one() -> None:
    source = ChangingList(seconds_apart(7), page_size=3)

    list(pages(source.fetch, None))

    def at(second: int) -> datetime:
        return START + timedelta(seconds=second)

    assert source.asked == [
        (None, 1),
        (at(1), 1),
        (at(2), 1),
        (at(3), 1),
        (at(4), 1),
        (at(5), 1),
    ]


def test_a_quiet_list_costs_one_call_and_keeps_its_watermark() -> None:
    source = ChangingList(seconds_apart(7), page_size=100)

    (part,) = pages(source.fetch, START + timedelta(seconds=6))

    assert [element["id"] for element in part.elements] == [5, 6]
    assert part.watermark == START + timedelta(seconds=6)
    assert len(source.asked) == 1


def test_an_empty_list_has_no_watermark_of_its_own() -> None:
    source = ChangingList([], page_size=100)

    assert [part.watermark for part in pages(source.fetch, None)] == [None]
    assert [part.watermark for part in pages(source.fetch, START)] == [START]


def test_the_watermark_waits_until_the_whole_second_is_read() -> None:
    """Who stops in the middle begins the second again, and misses nothing."""
    block = [START + timedelta(milliseconds=number) for number in range(250)]
    source = ChangingList(block, page_size=100)

    watermarks = [part.watermark for part in pages(source.fetch, START)]

    last = START + timedelta(milliseconds=249)
    assert watermarks == [START, START, START, last]
    assert source.asked == [(START - timedelta(seconds=1), n) for n in (1, 3, 2, 1)]


def test_a_smaller_page_than_asked_for_is_not_the_end() -> None:
    """Xero clamps sizes: the size that counts is the one in the answer."""
    source = ChangingList(seconds_apart(250), page_size=100)

    held, watermark = read(source, None)

    assert len(held) == 250
    assert watermark == START + timedelta(seconds=249)


def test_elements_without_a_moment_do_not_move_the_watermark() -> None:
    def fetch(since: datetime | None, number: int) -> Page:
        return Page([{"id": 1}, {"UpdatedDateUTC": "?"}], 100, 1, 2)

    (part,) = pages(fetch, START)

    assert len(part.elements) == 2
    assert part.watermark == START
