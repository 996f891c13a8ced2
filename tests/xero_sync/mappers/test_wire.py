"""Moments, texts, numbers, ids and JSON as they come over the wire."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_sync.mappers import wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.outcomes.wire import canonical, decode, fingerprint, moment


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/Date(1789378193493+0000)/", "2026-09-14T09:29:53.493+00:00"),
        ("/Date(1789378193493)/", "2026-09-14T09:29:53.493+00:00"),
        ("/Date(1789378193493+1300)/", "2026-09-14T09:29:53.493+00:00"),
        ("/Date(-86400000)/", "1969-12-31T00:00:00+00:00"),
        ("/Date(-2208988800000+0000)/", "1900-01-01T00:00:00+00:00"),
        ("2026-09-14T09:29:59Z", "2026-09-14T09:29:59+00:00"),
        ("2026-09-14T09:29:59.5165400", "2026-09-14T09:29:59.516540+00:00"),
        ("2026-09-14T11:29:59+02:00", "2026-09-14T09:29:59+00:00"),
        ("2026-09-14", "2026-09-14T00:00:00+00:00"),
    ],
)
def test_reads_every_way_of_writing_a_moment(written: str, read: str) -> None:
    assert moment(written) == datetime.fromisoformat(read)


@pytest.mark.parametrize(
    "written",
    [None, "", 12, "yesterday", "/Date(abc)/", "/Date(999999999999999999)/", "9999"],
)
def test_says_when_it_is_no_moment(written: object) -> None:
    assert moment(written) is None


def test_a_plain_date_is_the_day_at_midnight_utc() -> None:
    payload = {"Date": "/Date(1789344000000+0000)/", "Old": "/Date(-1)/", "None": ""}

    assert wire.day(payload, "Date") == date(2026, 9, 14)
    assert wire.day(payload, "Old") == date(1969, 12, 31)
    assert wire.day(payload, "None") is None
    assert wire.day(payload, "Missing") is None


@pytest.mark.parametrize(
    ("given_text", "normal"),
    [
        ("  Smith   &\tSons ", "Smith & Sons"),
        ("one\u00a0two\u2003three", "one two three"),
        ("Cafe\u0301", "Café"),
        ("\n\n first \r\n\r\nsecond  line\r", "first\n\nsecond line"),
        ("nul\x00l", "null"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_texts_have_one_normal_form(given_text: str, normal: str) -> None:
    assert wire.normal_text(given_text) == normal


@given(st.text())
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    once = wire.normal_text(text)

    assert wire.normal_text(once) == once


@pytest.mark.parametrize(
    ("value", "places", "read"),
    [
        (120, wire.MONEY, "120.00"),
        (Decimal("2.345"), wire.MONEY, "2.35"),
        (Decimal("-2.345"), wire.MONEY, "-2.35"),
        (Decimal("1.23455"), wire.PRICE, "1.2346"),
        ("19.99", wire.MONEY, "19.99"),
    ],
)
def test_numbers_are_decimals_rounded_half_up(
    value: object, places: Decimal, read: str
) -> None:
    number = wire.number({"Total": value}, "Total", places)

    assert str(number) == read


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        True,
        "abc",
        "NaN",
        "Infinity",
        Decimal("1E+400"),
        10**400,
        "1" * 5000,
        [],
        {},
    ],
)
def test_refuses_what_is_no_sound_number(value: object) -> None:
    with pytest.raises(Unreadable) as refusal:
        wire.number({"Total": value}, "Total", wire.MONEY)

    assert refusal.value.field == "Total"
    assert len(refusal.value.value) < 200


def test_ids_are_lower_case_with_dashes_and_the_zero_id_is_none() -> None:
    payload = {
        "A": "0F6B6D0E3C3C4A419A554A4F0D0A7B01",
        "B": "00000000-0000-0000-0000-000000000000",
        "C": "not an id",
    }

    assert wire.guid(payload, "A") == "0f6b6d0e-3c3c-4a41-9a55-4a4f0d0a7b01"
    assert wire.guid(payload, "B") == ""
    with pytest.raises(Unreadable):
        wire.guid(payload, "C")
    with pytest.raises(Unreadable):
        wire.required_guid(payload, "B")


def test_json_keeps_the_digits_that_xero_wrote() -> None:
    read = decode(b'{"Total":1234567890123456.78,"Quantity":3}')

    assert read == {"Total": "1234567890123456.78", "Quantity": 3}
    assert canonical(read) == b'{"Quantity":3,"Total":"1234567890123456.78"}'


def test_the_order_of_keys_does_not_change_a_fingerprint() -> None:
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a":', b"[" * 5000, b"\xff"])
def test_what_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(body)


def test_a_request_has_the_elements_under_their_resource() -> None:
    body = wire.request_body("Items", [{"Code": "B", "Price": Decimal("1.5000")}])

    assert body == b'{"Items":[{"Code":"B","Price":1.5000}]}'
