"""Twenty records with planted flaws: each on the report with its own reason, put right
in the row, sent again, gone."""

from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Contact
from fieldops.users.models import User
from tests.builders import make_customer, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, first_sync, next_sync, work_on
from xero_sync.models import ContactLink, SyncIssue, SyncRun

pytestmark = pytest.mark.django_db

BAD_EMAILS = ("office@castle", "a@@b.example", "n/a", "tel 0123", "x@y .example")


def plant() -> None:
    for number, email in enumerate(BAD_EMAILS):
        make_customer(f"Bad address {number}", email=email)
    for number in range(4):
        make_customer(f"Older {number}", account_number=f"C{number}")
        make_customer(f"Later {number}", account_number=f"C{number}")
    for number in range(3):
        make_customer(f"Unlike anybody {number}", account_number=f"X{number}")
    for number in range(3):
        make_item(f"L{number}", name=f"{number}" + "x" * 64)
    for number in range(2):
        make_item(f"M{number}", name=f"{number}" + "x" * 54)
    for number in range(3):
        item = make_item("TO-CLEAR", name=f"Nameless {number}")
        type(item).objects.filter(pk=item.pk).update(code="")


IN_LEDGER = {
    "Contacts": [
        {"Name": f"Somebody else entirely {word}", "AccountNumber": f"X{number}"}
        for number, word in enumerate(("Abbey", "Bann", "Down"))
    ]
}

GOOD = {
    "email_invalid": "office@castle.example",
    "account_number_used_here": "N-{}",
    "account_number_used_in_xero": "N-{}",
    "name_too_long": "A short name {}",
    "code_missing": "CODE{}",
}


def codes() -> Counter[str]:
    return Counter(SyncIssue.objects.open().values_list("code", flat=True))


def test_each_flaw_has_its_reason_and_goes_away_when_it_is_fixed_in_the_row(
    ledger: PracticeLedger, office: User, office_client: Client, settings: Any
) -> None:
    # Twenty people's minutes in a few seconds: Xero's limit is not what this is about.
    settings.XERO_CALLS_PER_MINUTE = 6000
    plant()
    ledger.load_books(IN_LEDGER)
    connect(ledger)
    first_sync()

    assert codes() == {
        "email_invalid": 5,
        "account_number_used_here": 4,
        "account_number_used_in_xero": 3,
        "name_too_long": 5,
        "code_missing": 3,
    }
    lengths = SyncIssue.objects.open().filter(code="name_too_long")
    assert lengths.filter(technical="").count() == 3  # not sent: the owner's 64
    assert lengths.exclude(technical="").count() == 2  # refused by the ledger: 50

    page = office_client.get(reverse("xero_sync:sync")).content.decode()
    assert "office@castle" in page

    for issue in list(SyncIssue.objects.open()):
        url = reverse("xero_sync:issue-fix", args=[issue.pk])
        answer = office_client.post(url, {"value": GOOD[issue.code].format(issue.pk)})
        assert answer.status_code in (200, 302)
        while run := SyncRun.objects.open().first():
            work_on(run)

    assert codes() == {}
    state = ledger.state()
    assert state["contacts"] == 3 + Contact.objects.count()
    assert state["items"] == 8


def test_a_flaw_of_a_record_that_is_recognised_is_on_the_first_report(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", phone="028 1234567", email="office@castle")
    known = {
        "Name": "Castle Hotel Ltd",
        "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "028 1234567"}],
    }
    ledger.load_books({"Contacts": [known]})
    connect(ledger)
    first_sync()

    assert ContactLink.objects.get().record == customer
    first = SyncIssue.objects.open().get()
    assert (first.code, first.contact) == ("email_invalid", customer)

    next_sync()
    assert SyncIssue.objects.open().get() == first
