"""Several people at once, in real transactions: one decides, the others are told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection as database

from customers.merging import merge_contacts, undo_contact_merge
from customers.models import Contact
from fieldops.common.errors import DomainError
from fieldops.common.models import Merge
from tests.builders import TESTER, make_customer, make_invoice
from tests.xero_sync.consolidation.pairs import make_pair
from tests.xero_sync.rows import make_connection
from xero_sync.consolidation.decisions import decide_pair
from xero_sync.models import FoundPair, PairDecision

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """What became of each: "done", or the code of the refusal."""
    start = Barrier(len(deeds))

    def attempt(deed: Callable[[], object]) -> str:
        try:
            start.wait(timeout=10)
            deed()
        except DomainError as refusal:
            return refusal.code
        finally:
            database.close()
        return "done"

    with ThreadPoolExecutor(max_workers=len(deeds)) as pool:
        return sorted(pool.map(attempt, deeds))


def test_three_answers_to_one_question_are_one_decision() -> None:
    pair = make_pair(make_connection(first_sync_done_at=None))

    ends = at_once(
        lambda: decide_pair(pair, "same", by=TESTER),
        lambda: decide_pair(pair, "different", by=TESTER),
        lambda: decide_pair(pair, "new", by=TESTER),
    )

    assert ends == ["already_decided", "already_decided", "done"]
    assert PairDecision.objects.get() == FoundPair.objects.get().decision


def test_two_of_ours_are_not_the_same_as_one_of_xeros() -> None:
    connection = make_connection(first_sync_done_at=None)
    one = make_pair(connection)
    other = make_pair(connection, "Castle Inn", xero_id=one.xero_id)

    ends = at_once(
        lambda: decide_pair(one, "same", by=TESTER),
        lambda: decide_pair(other, "same", by=TESTER),
    )

    assert ends == ["done", "done"]
    # The later of the two has taken the earlier one's word back, and its pair is open.
    assert PairDecision.objects.get().answer == "same"
    assert FoundPair.objects.undecided().count() == 1


def test_each_merged_into_the_other_is_one_merge() -> None:
    one, other = make_customer("Castle Hotel"), make_customer("Castle Inn")

    ends = at_once(
        lambda: merge_contacts(one, [other], {}, by=TESTER),
        lambda: merge_contacts(other, [one], {}, by=TESTER),
    )

    assert ends == ["done", "merged_away"]
    assert Contact.objects.standing().count() == Merge.objects.count() == 1


def test_two_merges_into_one_are_undone_at_once() -> None:
    kept, *others = (make_customer(name, phone=name) for name in "ABC")
    invoices = [make_invoice(one) for one in others]
    merges = [
        merge_contacts(kept, [one], {"phone": one.phone}, by=TESTER) for one in others
    ]

    ends = at_once(
        *(lambda merge=merge: undo_contact_merge(merge, by=TESTER) for merge in merges)
    )

    assert ends == ["done", "done"]
    assert Contact.objects.standing().count() == 3
    kept.refresh_from_db()
    assert kept.phone == "A"
    for invoice, customer in zip(invoices, others, strict=True):
        invoice.refresh_from_db()
        assert invoice.customer == customer
