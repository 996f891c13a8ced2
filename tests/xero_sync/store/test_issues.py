"""The same trouble is one open row, however many come at once and however often."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from customers.models import Contact
from tests.builders import make_customer
from tests.xero_sync.rows import make_connection, make_run
from xero_sync.models import SyncIssue, SyncRun
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.store.issues import Trouble, raise_issue, raise_issues

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = NOW + timedelta(hours=1)
STATEMENTS = 3  # those there, the new, the old


@pytest.fixture
def run() -> SyncRun:
    return make_run(make_connection())


def trouble(local_id: int, **values: Any) -> Trouble:
    problem = Problem(IssueCode.RULE, "email", {"message": "No."})
    named = {"kind": Kind.CONTACT, "title": f"Customer {local_id}", **values}
    return Trouble(problem, local_id=local_id, **named)


def customers(count: int) -> list[Contact]:
    return [make_customer(f"Customer {number}") for number in range(count)]


def as_values(issue: SyncIssue) -> dict[str, Any]:
    values = {name: getattr(issue, name) for name in _COLUMNS}
    return values | {"contact_id": issue.contact_id}


_COLUMNS = (
    *("code", "kind", "subject", "title", "xero_id", "field_name", "details"),
    *("technical", "sent_revision", "first_seen_at", "last_seen_at", "times"),
    *("resolved_at", "run_id"),
)


def test_many_cost_as_many_statements_as_few(
    run: SyncRun, django_assert_num_queries: Callable[..., Any]
) -> None:
    few = [trouble(one.pk) for one in customers(4)]
    many = few + [trouble(one.pk) for one in customers(60)]
    raise_issues(run, few[:2], now=NOW)

    with django_assert_num_queries(STATEMENTS):
        raise_issues(run, few, now=NOW)
    with django_assert_num_queries(STATEMENTS):
        raise_issues(run, many, now=NOW)

    assert SyncIssue.objects.open().count() == 64
    with django_assert_num_queries(0):
        assert raise_issues(run, [], now=NOW) == set()


def test_a_new_one_says_all_it_was_told(run: SyncRun) -> None:
    customer = make_customer()
    told = trouble(
        customer.pk,
        xero_id="x1",
        title="Cas\0tle" + "e" * 600,
        technical="t\0" + "t" * 5000,
        sent_revision=3,
    )

    assert raise_issues(run, [told], now=NOW) == {(f"contact:{customer.pk}", "rule")}

    issue = SyncIssue.objects.get()
    assert as_values(issue) == {
        "code": "rule",
        "kind": "contact",
        "subject": f"contact:{customer.pk}",
        "title": "Castle" + "e" * 493,
        "xero_id": "x1",
        "field_name": "email",
        "details": {"message": "No."},
        "technical": "t" * 3999,
        "sent_revision": 3,
        "first_seen_at": NOW,
        "last_seen_at": NOW,
        "times": 1,
        "resolved_at": None,
        "run_id": run.pk,
        "contact_id": customer.pk,
    }


def test_found_again_it_is_the_same_row(run: SyncRun) -> None:
    customer = make_customer()
    first = trouble(customer.pk, technical="What Xero said", sent_revision=2)
    raise_issues(run, [first], now=NOW)
    before = as_values(SyncIssue.objects.get())
    next_run = make_run(run.connection)

    again = trouble(customer.pk, title="Renamed")
    raise_issues(next_run, [again, again], now=LATER)

    assert as_values(SyncIssue.objects.get()) == before | {
        "title": "Renamed",
        "last_seen_at": LATER,
        "times": 3,
        "run_id": next_run.pk,
    }


def test_closed_since_the_run_was_asked_for_it_is_opened_again(run: SyncRun) -> None:
    old, fresh, other = (trouble(one.pk) for one in customers(3))
    raise_issues(run, [old, fresh], now=NOW)
    next_run = make_run(run.connection)
    asked = next_run.created_at
    before, after = asked - timedelta(seconds=1), asked + timedelta(seconds=1)
    SyncIssue.objects.filter(subject=old.subject).update(resolved_at=before)
    SyncIssue.objects.filter(subject=fresh.subject).update(resolved_at=after)

    raise_issues(next_run, [old, fresh, other], now=LATER)

    rows = SyncIssue.objects.open().values_list("subject", "times", "first_seen_at")
    assert set(rows) == {
        (old.subject, 1, LATER),
        (fresh.subject, 2, NOW),
        (other.subject, 1, LATER),
    }
    assert SyncIssue.objects.count() == 4


def test_the_open_one_goes_before_one_that_was_closed(run: SyncRun) -> None:
    one = trouble(make_customer().pk)
    raise_issues(run, [one], now=NOW)
    SyncIssue.objects.update(resolved_at=NOW - timedelta(days=1))
    raise_issues(run, [one], now=NOW)
    SyncIssue.objects.exclude(resolved_at=None).update(resolved_at=LATER)

    raise_issues(run, [one], now=LATER)

    rows = SyncIssue.objects.order_by("pk").values_list("times", "resolved_at")
    assert list(rows) == [(1, LATER), (2, None)]


def test_other_records_codes_and_companies_are_left_alone(run: SyncRun) -> None:
    one, two = customers(2)
    raise_issue(
        run, Problem(IssueCode.NAME_TAKEN_IN_XERO, "name", {}), kind=Kind.CONTACT,
        title="", now=NOW, local_id=one.pk,
    )  # fmt: skip
    raise_issues(run, [trouble(two.pk)], now=NOW)
    untouched = [as_values(issue) for issue in SyncIssue.objects.order_by("pk")]

    raise_issues(run, [trouble(one.pk)], now=LATER)

    assert SyncIssue.objects.count() == 3
    left = SyncIssue.objects.order_by("pk")[:2]
    assert [as_values(issue) for issue in left] == untouched
