"""What a merge leaves in Xero, archived there when a person says so, or by somebody else."""

import pytest
from django.test import Client

from customers.merging import merge_contacts, undo_contact_merge
from fieldops.common.models import Merge
from tests.builders import TESTER
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.merged import (
    again,
    assert_silence,
    contacts_there,
    links,
    two_linked,
)
from tests.xero_sync.world import next_sync, open_codes
from xero_sync.outcomes.kinds import Action

pytestmark = pytest.mark.django_db


def test_archived_there_when_a_person_says_so(ledger: PracticeLedger) -> None:
    kept, other = two_linked(ledger)
    merge = merge_contacts(
        kept, [other], {"phone": "028 2"}, by=TESTER, archives_in_books=True
    )

    run = next_sync()

    assert run.changes.filter(action=Action.ARCHIVE, local_id=other.pk).count() == 1
    assert sorted(contacts_there(ledger).values()) == [
        "Castle Hotel ACTIVE",
        "Castle Inn ARCHIVED",
    ]
    assert open_codes() == []
    assert_silence()

    undo_contact_merge(merge, by=TESTER)
    assert next_sync().writes == 1  # the kept one's phone, as it was
    assert open_codes() == ["contact_archived_in_xero"]
    assert again(other).is_archived is False
    assert_silence()
    ledger.control("contact/unarchive", contact="Castle Inn")
    next_sync()
    assert open_codes() == []
    assert_silence()


def test_archived_in_xero_meanwhile_ours_comes_back_and_says_so(
    ledger: PracticeLedger,
) -> None:
    kept, other = two_linked(ledger)
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()
    ledger.control("contact/archive", contact="Castle Inn")
    next_sync()

    undo_contact_merge(merge, by=TESTER)
    next_sync()

    assert again(other).is_archived is False
    assert open_codes() == ["contact_archived_in_xero"]
    assert_silence()


def test_what_is_left_in_xero_is_archived_when_somebody_says_so_later(
    ledger: PracticeLedger, office_client: Client
) -> None:
    kept, other = two_linked(ledger)
    there = links()[other.pk]
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()
    address = f"/xero/merges/{merge.pk}/archive/"
    assert address in office_client.get(kept.get_absolute_url()).content.decode()

    said = office_client.post(address, follow=True).content.decode()

    assert "The next sync archives Castle Inn in Xero." in said
    assert address not in said
    next_sync()
    assert contacts_there(ledger)[there].endswith(" ARCHIVED")
    assert_silence()
    said = office_client.post(address, follow=True).content.decode()
    assert "Nothing of that merge is left in Xero" in said


def test_an_undone_merge_archives_nobody(
    ledger: PracticeLedger, office_client: Client, engineer_client: Client
) -> None:
    kept, other = two_linked(ledger)
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    address = f"/xero/merges/{merge.pk}/archive/"
    assert engineer_client.post(address).status_code == 403
    undo_contact_merge(merge, by=TESTER)
    assert office_client.post(address).status_code == 404
    assert not Merge.objects.filter(archives_in_books=True).exists()
