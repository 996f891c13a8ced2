"""Lists that are read at once: each in its order, the next page under way, and what is
left when one ends badly."""

from collections.abc import Iterator

import pytest

from tests.xero_sync.client.fakes import Api, found
from tests.xero_sync.client.many import contact, many
from tests.xero_sync.client.practice import Practice
from xero_sync.client.api import XeroApi
from xero_sync.client.errors import RateLimited, UnreadableAnswer, XeroError
from xero_sync.client.reading import Reading


def test_lists_are_read_side_by_side_and_each_in_its_order() -> None:
    practice = Practice(latency=2.0)
    api = practice.api()
    api.organisation()
    readings = {
        "organisation": api.organisation_entry(),
        "accounts": api.account_list(),
        "rates": api.tax_rate_list(),
        "contacts": api.contact_pages(None),
        "items": api.item_list(None),
        "invoices": api.invoice_pages(None),
    }

    read = dict(api.read_all(readings))

    assert [one["Name"] for one in read["organisation"].elements] == ["Books"]
    assert "200" in [one.get("Code") for one in read["accounts"].elements]
    assert "OUTPUT2" in [one["TaxType"] for one in read["rates"].elements]
    assert (read["contacts"].elements, read["contacts"].watermark) == ([], None)
    assert [seen.start for seen in practice.log[:7]] == pytest.approx(
        [0, 2, 2, 2, 2, 2, 4]
    )


def test_the_next_page_is_under_way_while_this_one_is_stored() -> None:
    practice = Practice(latency=2.0)
    api = practice.api()
    pages = api.read_all({"many": many(3)})

    next(pages)

    assert practice.under_way_at(practice.clock.monotonic()) == 1
    practice.clock.advance(10)
    assert len(list(pages)) == 2
    assert [seen.start for seen in practice.log] == pytest.approx([0, 2, 12])


def test_nothing_is_called_before_somebody_reads() -> None:
    practice = Practice()
    api = practice.api()

    api.read_all({"contacts": api.contact_pages(None)})

    assert practice.log == []


class SliceOver(Exception):
    pass


def stop_at(calls: int, practice: Practice, pages: Iterator[object]) -> None:
    for _ in pages:
        if len(practice.log) >= calls:
            raise SliceOver


def read_until_error(
    api: XeroApi, readings: dict[str, Reading]
) -> tuple[list[str], XeroError]:
    """Whose pages came, and the error that ended it."""
    read = []
    try:
        for key, _ in api.read_all(readings):
            read.append(key)
    except XeroError as error:
        return read, error
    raise AssertionError("it came to its end")


def test_a_reading_that_is_cut_off_gives_its_slots_back() -> None:
    practice = Practice(latency=2.0)
    api = practice.api()

    pages = api.read_all({number: many(3) for number in range(5)})
    with pytest.raises(SliceOver):
        stop_at(6, practice, pages)
    del pages

    calls = len(practice.log)
    assert practice.under_way_at(practice.clock.monotonic()) == 0
    assert api.calls == calls
    assert practice.slots() == 0
    assert len(api.write_all([contact(number) for number in range(5)])) == 5
    assert practice.most_at_once == 5


def test_after_an_error_the_pages_under_way_are_given_first() -> None:
    practice = Practice(latency=2.0)
    api = practice.api()
    api.organisation()
    practice.fault("rate_limit", path="Items", times=1, problem="day", retry_after=900)

    read, error = read_until_error(
        api, {"items": api.item_list(None), "many": many(9), "accounts": many(1)}
    )

    assert read == ["many", "accounts"]
    assert isinstance(error, RateLimited)
    assert (error.problem, error.retry_after) == ("day", 900)
    assert practice.slots() == 0


def test_a_page_that_does_not_say_which_it_is_ends_the_reading() -> None:
    api = Api(found("Contacts"), found("Accounts", {"Code": "200"}))
    readings = {"contacts": api.contact_pages(None), "accounts": api.account_list()}

    read, error = read_until_error(api, readings)

    assert read == ["accounts"]
    assert isinstance(error, UnreadableAnswer)


def test_an_answer_taken_for_somebody_else_is_kept_for_him() -> None:
    """While a reading is under way, its consumer makes calls of his own."""
    practice = Practice(latency=2.0)
    api = practice.api()
    pages = api.read_all({"many": many(2), "more": many(2)})

    next(pages)
    assert api.organisation()["Name"] == "Books"

    assert len(list(pages)) == 3
    assert api.calls == 5
