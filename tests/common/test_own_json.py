"""A column of our own JSON gives what Django's field gives."""

from typing import Any

import pytest
from django.db import connection, models
from django.db.models.fields.json import KeyTransform

from fieldops.common.own_json import OwnJSONField

WRITTEN = (
    '{"Name": "Ashdown \\u00c4", "Lines": [1, 2.5, null, true]}',
    '"text"',
    '"\\ud800"',
    "12345678901234567890123",
    "[]",
    None,
)


@pytest.mark.django_db
@pytest.mark.parametrize("written", WRITTEN)
def test_what_is_read_is_what_django_reads(written: str | None) -> None:
    usual: Any = models.JSONField()
    assert OwnJSONField().from_db_value(
        written, None, connection
    ) == usual.from_db_value(written, None, connection)


@pytest.mark.django_db
def test_values_inside_are_read_as_django_reads_them() -> None:
    inside = KeyTransform("Name", models.F("payload"))
    usual: Any = models.JSONField()
    for value in ('"Ashdown"', "Ashdown", 3, 2.5, None):
        assert OwnJSONField().from_db_value(
            value, inside, connection
        ) == usual.from_db_value(value, inside, connection)


@pytest.mark.django_db
def test_the_database_does_not_read_it_through_when_it_is_stored() -> None:
    assert not OwnJSONField().db_parameters(connection)["check"]
