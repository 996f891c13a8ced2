"""No pair that a person called different comes back, whatever happens to both sides."""

from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from customers.models import Contact
from customers.services import archive_contact, change_contact
from fieldops.common.actor import Actor
from tests.builders import TESTER, make_customer
from tests.xero_sync.rows import make_connection, make_run, mirror_contact
from xero_sync.consolidation.decisions import decide_pair
from xero_sync.consolidation.taking_back import undo_last
from xero_sync.models import FoundPair, MirrorRecord, SyncRun, SyncSettings
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.contacts import ContactPlanner
from xero_sync.planner.inputs import Pair
from xero_sync.steps import our_side, xero_side
from xero_sync.steps.choosing import EVERYTHING
from xero_sync.steps.pairs import contact_pairs
from xero_sync.steps.possible_pairs import possible_pairs
from xero_sync.store.pairs import keep_pairs

pytestmark = pytest.mark.django_db

NAMES = ("Castle Hotel", "Castle Hotel Ltd", "Hotel Castle", "Castle Inn", "Brennan")
EMAILS = ("", "a@castle.example", "b@castle.example")
PHONES = ("", "028 9032 1188", "028 9032 1199")
NUMBERS = ("", "C1", "C2")


class Company:
    """A few records that look alike on both sides, planned over and over."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - the seed is the point
        self.connection = make_connection(first_sync_done_at=None)
        self.denied: set[tuple[int, str]] = set()
        for _ in range(4):
            make_customer(**self._values())
        for _ in range(4):
            xero_id = str(uuid4())
            mirror_contact(self.connection, xero_id, **self._payload())

    def _values(self) -> dict[str, str]:
        pick = self.chance.choice
        return {
            "name": pick(NAMES),
            "email": pick(EMAILS),
            "phone": pick(PHONES),
            "account_number": pick(NUMBERS),
        }

    def _payload(self) -> dict[str, str]:
        values = self._values()
        return {
            "Name": values["name"],
            "EmailAddress": values["email"],
            "AccountNumber": values["account_number"],
        }

    def plan(self) -> list[Pair]:
        """A preview as far as contacts go; its pairs."""
        run = make_run(self.connection, reason=SyncRun.Reason.PREVIEW)
        ctx: Any = SimpleNamespace(
            connection=self.connection, settings=SyncSettings.current(), run=run
        )
        locals_ = our_side.local_contacts(ctx, EVERYTHING)
        remotes = xero_side.remote_contacts(ctx, EVERYTHING).records
        pairs = contact_pairs(ctx, locals_, remotes)
        changes = ContactPlanner(locals_, remotes, [], pairs).changes()
        here = {one.id: one.draft.name for one in locals_}
        there = {one.xero_id: one.draft.name for one in remotes}
        found = possible_pairs(
            Kind.CONTACT, pairs, changes, here, there, with_certain=True
        )
        keep_pairs(run, list(found))
        return pairs

    def change_something(self) -> None:
        contact = self.chance.choice(list(Contact.objects.all()))
        mirror = self.chance.choice(list(MirrorRecord.objects.all()))
        kind = self.chance.randrange(4)
        if kind == 0:
            change_contact(contact, self._values(), by=TESTER)
        elif kind == 1:
            mirror.payload |= self._payload()
            mirror.updated_at = timezone.now()
            mirror.save()
        elif kind == 2:
            mirror.is_gone = not mirror.is_gone
            mirror.save()
        elif not contact.is_archived:
            archive_contact(contact, by=TESTER)

    def decide_something(self) -> None:
        pairs = list(FoundPair.objects.undecided())
        if not pairs:
            return
        pair = self.chance.choice(pairs)
        rather = ("different", "different", "same", "new")
        answer = self.chance.choice(rather if self.denied else ("different",))
        if not MirrorRecord.objects.filter(
            xero_id=pair.xero_id, is_gone=False
        ).exists():
            return
        decide_pair(pair, answer, by=TESTER)
        ids = (pair.record.pk, pair.xero_id)
        if answer == "different":
            self.denied.add(ids)


@pytest.mark.parametrize("seed", range(8))
def test_a_pair_called_different_never_comes_back(seed: int) -> None:
    company = Company(seed)
    for _ in range(12):
        company.plan()
        company.decide_something()
        company.change_something()
        found = {(pair.local_id, pair.xero_id) for pair in company.plan()}
        assert found.isdisjoint(company.denied)
        open_rows = FoundPair.objects.undecided().values_list("contact_id", "xero_id")
        assert set(open_rows).isdisjoint(company.denied)
    assert company.denied, "the seed decides nothing: take another"


def test_it_comes_back_once_it_is_taken_back() -> None:
    company = Company(0)
    actor = Actor.person(TESTER.user) if TESTER.user else TESTER
    pair = _first_pair(company)
    decide_pair(pair, "different", by=actor)
    ids = (pair.record.pk, pair.xero_id)
    assert ids not in {(one.local_id, one.xero_id) for one in company.plan()}

    undo_last(company.connection, by=actor)

    assert ids in {(one.local_id, one.xero_id) for one in company.plan()}


def _first_pair(company: Company) -> FoundPair:
    company.plan()
    pair = FoundPair.objects.undecided().first()
    assert pair is not None
    return pair
