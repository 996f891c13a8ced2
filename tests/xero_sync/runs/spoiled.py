"""Answers of Xero's that are not what was sent, and what must hold all the same."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from customers.models import Contact
from invoicing.models import Invoice
from stock.models import StockItem
from tests.xero_sync.world import assert_accounted_for, next_sync
from xero_sync.client.exchange import Request, Response
from xero_sync.client.transport import HttpTransport
from xero_sync.models import SyncIssue, SyncRun, XeroConnection
from xero_sync.report.queries import grouped, issues_of
from xero_sync.report.render import summary
from xero_sync.runs import wiring

Element = dict[str, Any]
Spoil = Callable[[Element], object]
Answer = Callable[[Request, Response], Response]

NO_GUID = "not-a-guid"
BEFORE_ALL = "/Date(-62135596800000)/"
ENDLESS = "x" * 500_000
DEEP: Any = {}
for _ in range(150):
    DEEP = {"Deeper": [DEEP]}


class Spoiled:
    """A transport whose answers are not what was sent."""

    def __init__(self, spoil: Answer) -> None:
        self._transport = HttpTransport()
        self._spoil = spoil

    def send(self, request: Request) -> Response:
        return self._spoil(request, self._transport.send(request))


def answers_are(monkeypatch: pytest.MonkeyPatch, spoil: Answer) -> None:
    monkeypatch.setattr(wiring, "HttpTransport", lambda: Spoiled(spoil))


def concerns(request: Request, method: str, resource: str) -> bool:
    path = request.address.partition("/api.xro/2.0/")[2]
    return request.method == method and path == resource


def with_body(response: Response, body: bytes) -> Response:
    return Response(response.status, response.headers, body)


def elements_are(
    method: str, resource: str, change: Callable[[list[Element]], list[Any]]
) -> Answer:
    def spoil(request: Request, response: Response) -> Response:
        if not concerns(request, method, resource) or response.status != 200:
            return response
        body = json.loads(response.body)
        body[resource] = change(body[resource])
        return with_body(response, json.dumps(body).encode())

    return spoil


def each_spoiled(named: str, spoils: dict[str, Spoil]) -> Any:
    """Elements are known by what they are called, each is spoiled in its own way."""

    def change(elements: list[Element]) -> list[Any]:
        return [spoiled(one, spoils.get(one.get(named) or "")) for one in elements]

    return change


def spoiled(element: Element, spoil: Spoil | None) -> object:
    if spoil is None:
        return element
    element = deepcopy(element)
    spoil(element)
    return element


def puts(**fields: Any) -> Spoil:
    return lambda element: element.update(fields)


def drops(*fields: str) -> Spoil:
    def spoil(element: Element) -> None:
        for field in fields:
            element.pop(field, None)

    return spoil


def unreadable_titles(kind: str) -> list[str]:
    issues = SyncIssue.objects.open().filter(kind=kind, code="unreadable")
    return sorted(issue.title for issue in issues)


def assert_ended_well(run: SyncRun) -> None:
    """With words for every issue, and nothing that a database refuses."""
    assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)
    assert_accounted_for(run)
    for group in grouped(issues_of(run)):
        assert group.words.title
        assert group.words.fix
    summary(run)
    for issue in SyncIssue.objects.all():
        assert len(issue.title) <= 500
        assert len(issue.technical) <= 4000
        assert "\0" not in issue.title + issue.technical


def assert_stable() -> None:
    """The same answers once more, all of them: nothing is written on either side."""
    revisions = records_as_they_are()
    open_issues = sorted(SyncIssue.objects.open().values_list("subject", "code"))
    XeroConnection.objects.update(full_compare_on=None)
    run = next_sync()
    assert_ended_well(run)
    assert run.writes == 0
    assert records_as_they_are() == revisions
    assert sorted(SyncIssue.objects.open().values_list("subject", "code")) == (
        open_issues
    )


def records_as_they_are() -> list[tuple[str, int, int]]:
    return [
        (model.__name__, pk, revision)
        for model in (Contact, StockItem, Invoice)
        for pk, revision in model.objects.order_by("pk").values_list("pk", "revision")
    ]
