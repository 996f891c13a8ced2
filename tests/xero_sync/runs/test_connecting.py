"""Which organisation's books these are: free to choose before the first sync, not after."""

import pytest

from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
)
from xero_sync.models import ContactLink, SyncRun, XeroConnection
from xero_sync.runs.connecting import choose_organisation, disconnect
from xero_sync.runs.errors import AnotherOrganisation
from xero_sync.runs.requests import start_first_sync

pytestmark = pytest.mark.django_db

ELSEWHERE = {"tenant_id": "t2", "tenant_name": "Elsewhere Ltd", "connection_id": "c2"}


def test_before_the_first_sync_another_one_starts_afresh(
    ledger: PracticeLedger,
) -> None:
    before = connect(ledger)
    before.choices = [*before.choices, ELSEWHERE]
    run = start_first_sync(by=TESTER)

    after = choose_organisation(before, "t2", by=TESTER)

    assert (after.tenant_name, after.practice_url) == ("Elsewhere Ltd", ledger.url)
    assert after.pk != before.pk
    assert after.access_token == before.access_token
    run.refresh_from_db()
    assert (run.state, run.problem) == (SyncRun.State.FAILED, "disconnected")


def test_after_it_another_one_is_refused_and_nothing_is_touched(
    ledger: PracticeLedger,
) -> None:
    """Somebody consents for an organisation that is not ours, or chooses one."""
    customer = make_customer("Castle Hotel")
    ours = connect(ledger)
    in_step()
    ours.refresh_from_db()
    tokens = ours.access_token
    ours.choices = [*ours.choices, ELSEWHERE]

    with pytest.raises(AnotherOrganisation, match="Practice Company"):
        choose_organisation(ours, "t2", by=TESTER)
    XeroConnection.objects.update(tenant_id="lost", tenant_name="Harbour Trading")
    with pytest.raises(AnotherOrganisation, match="Harbour Trading"):
        connect(ledger)

    kept = XeroConnection.objects.get()
    assert (kept.state, kept.tenant_id) == (XeroConnection.State.CONNECTED, "lost")
    assert kept.access_token == tokens
    assert ContactLink.objects.get().record == customer


def test_the_same_one_goes_on_where_it_was(ledger: PracticeLedger) -> None:
    make_customer("Castle Hotel")
    connect(ledger)
    in_step()

    disconnect(by=TESTER)
    make_customer("Dunes Bar")
    kept = XeroConnection.objects.get()
    assert (kept.state, kept.access_token) == (XeroConnection.State.DISCONNECTED, "")
    connect(ledger)
    next_sync()

    assert (ledger.state()["contacts"], open_codes()) == (2, [])
    assert_silent()
