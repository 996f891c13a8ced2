"""A payload is read or refused with Unreadable; nothing else ever comes out."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xero_sync.mappers import payloads
from xero_sync.mappers.accounts import account_from_wire
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import invoice_from_wire
from xero_sync.mappers.items import item_from_wire
from xero_sync.mappers.organisation import organisation_from_wire
from xero_sync.mappers.tax_rates import tax_rate_from_wire

MAPPERS: list[tuple[Callable[[object], object], dict[str, Any]]] = [
    (partial(contact_from_wire, address_slot="POBOX"), payloads.contact()),
    (item_from_wire, payloads.item()),
    (invoice_from_wire, payloads.invoice()),
    (account_from_wire, payloads.account()),
    (tax_rate_from_wire, payloads.tax_rate()),
    (organisation_from_wire, payloads.organisation()),
]

ODD_TEXTS = st.sampled_from(
    [
        "",
        "\x00",
        "/Date(-99999999999999999)/",
        "/Date(1e5)/",
        "\u0661\u0662",
        "NaN",
        "-0",
        "null",
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(max_size=20),
    ODD_TEXTS,
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=8), inner, max_size=3),
    ),
    max_leaves=6,
)


@st.composite
def mangled(draw: st.DrawFn, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with up to three values, at any depth, lost or replaced."""
    result: dict[str, Any] = payload
    for _ in range(draw(st.integers(1, 3))):
        result = _with_one_change(draw, result)
    return result


def _with_one_change(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict) and value:
        name = draw(st.sampled_from(sorted(value)))
        if draw(st.booleans()):
            return {key: kept for key, kept in value.items() if key != name}
        return value | {name: _with_one_change(draw, value[name])}
    if isinstance(value, list) and value and draw(st.booleans()):
        place = draw(st.integers(0, len(value) - 1))
        changed = _with_one_change(draw, value[place])
        return [*value[:place], changed, *value[place + 1 :]]
    return draw(JSON)


@pytest.mark.parametrize(("mapper", "payload"), MAPPERS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_mangled_payload_is_read_or_refused(
    mapper: Callable[[object], object], payload: dict[str, Any], data: st.DataObject
) -> None:
    with suppress(Unreadable):
        mapper(data.draw(mangled(payload)))


@pytest.mark.parametrize(("mapper", "payload"), MAPPERS)
@pytest.mark.parametrize("nothing", [None, [], "text", 5, {}, Decimal(1)])
def test_what_is_no_record_is_refused(
    mapper: Callable[[object], object], payload: dict[str, Any], nothing: object
) -> None:
    with pytest.raises(Unreadable):
        mapper(nothing)


@pytest.mark.parametrize(("mapper", "payload"), MAPPERS)
def test_fields_we_do_not_know_change_nothing(
    mapper: Callable[[object], object], payload: dict[str, Any]
) -> None:
    stranger = payload | {"NewIn2027": {"a": [1, None]}, "Balances": 7}

    assert mapper(stranger) == mapper(payload)


@pytest.mark.parametrize("field", ["Name", "ItemID"])
def test_five_megabytes_are_refused_and_not_repeated_in_the_error(field: str) -> None:
    long = "é " * 2_500_000

    with pytest.raises(Unreadable) as refusal:
        item_from_wire(payloads.item(**{field: long}))
    assert len(str(refusal.value)) < 200
