"""A smoke test on public data: FEBRL 4."""

import pytest

from tests.lists import febrl
from xero_sync.matching.contacts import match_contacts

pytestmark = pytest.mark.skipif(
    not febrl.FOLDER.is_dir(), reason="FEBRL 4 is not here: make febrl fetches it"
)

PERSONS = 5000
# Of the persons, linked by itself and with review: the rest share a number and most of an
# address, but one of two names is another one.
LINKED, FOUND = 0.73, 0.98


def test_nobody_is_taken_for_another_and_most_are_found() -> None:
    found = match_contacts(febrl.ours(), febrl.theirs())

    pairs = [
        (febrl.person(str(one.local_id)), febrl.person(one.xero_id), one.certain)
        for one in found
    ]
    linked = [(one, other) for one, other, certain in pairs if certain]
    seen = {one for one, other, _ in pairs if one == other}
    assert [pair for pair in linked if pair[0] != pair[1]] == []
    assert len(linked) >= LINKED * PERSONS
    assert len(seen) >= FOUND * PERSONS
