"""The work list of the failure report: correct, decide, try again, download."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from fieldops.common.errors import DomainError
from fieldops.common.exports import Column, csv_response
from fieldops.common.numbers import whole_number
from fieldops.common.views import OfficeView, vary_on_htmx, wants_fragment
from xero_sync.consolidation.alike import alike_in, link_alike
from xero_sync.consolidation.decisions import decide
from xero_sync.models import SyncIssue, SyncRun, SyncSettings, XeroConnection
from xero_sync.permissions import Right
from xero_sync.report.fields import message_of
from xero_sync.report.fixing import (
    accept_xeros_value,
    fix_field,
    try_again,
    try_all_again,
)
from xero_sync.report.naming import approve_name
from xero_sync.report.queries import noun_of, open_issues, tally_after
from xero_sync.report.waiting_words import waiting_words
from xero_sync.report.wording import counted, nouns, words_of
from xero_sync.runs.waiting import run_that_waits, shortcut_of
from xero_sync.tasks import wake_worker
from xero_sync.web.rows import RowMaker

COLUMNS = (
    Column("Cause", lambda issue: words_of(issue.code, issue.kind).title),
    Column("Kind", lambda issue: nouns(noun_of(issue))),
    Column("Record", lambda issue: issue.title),
    Column("What is wrong", message_of),
    Column("Fix", lambda issue: words_of(issue.code, issue.kind).fix),
    Column("First seen", lambda issue: f"{issue.first_seen_at:%Y-%m-%d %H:%M}"),
    Column("Last tried", lambda issue: f"{issue.last_seen_at:%Y-%m-%d %H:%M}"),
    Column("Xero's message", lambda issue: issue.technical),
)


class ExportView(OfficeView):
    permission = Right.VIEW

    def get(self, request: HttpRequest) -> HttpResponseBase:
        issues = open_issues(XeroConnection.current())
        return csv_response("xero-records-to-fix", COLUMNS, issues)


class IssueView(OfficeView):
    """One row: htmx gets the row anew, a plain form goes back to the list."""

    permission = Right.FIX

    def issue(self, pk: int) -> SyncIssue:
        issues = SyncIssue.objects.select_related(
            "connection", "contact", "item", "invoice__customer"
        )
        return get_object_or_404(issues, pk=pk)

    @property
    def tried(self) -> int | None:
        """The number of the run that the row on the page waits for."""
        return whole_number(self.request.GET.get("run", ""))

    def answer(
        self,
        issue: SyncIssue,
        run: SyncRun | None,
        *,
        said: str = "",
        **row: Any,
    ) -> HttpResponse:
        """``said`` is what to tell when no run follows."""
        if run is not None:
            wake_worker()
        if not wants_fragment(self.request):
            return self._plain_answer(issue, run, said, row)
        context = {
            "row": RowMaker(issue.connection).row(issue, **row),
            "run": run,
            "said": said,
            "can_fix": True,
            **_wait_of(run),
            **_still_wrong(issue, self.tried),
            "tally": tally_after(issue) if self._counts(issue) and not run else None,
        }
        response = render(self.request, "xero_sync/_issue_row.html", context)
        response.status_code = 422 if row else 200
        return vary_on_htmx(response)

    def _counts(self, issue: SyncIssue) -> bool:
        """Whether it stood among the records that need a fix, on the page of those."""
        page = urlsplit(self.request.headers.get("HX-Current-URL", "")).path
        return issue.resolved_at is not None and page == reverse("xero_sync:sync")

    def _plain_answer(
        self, issue: SyncIssue, run: SyncRun | None, said: str, row: dict[str, str]
    ) -> HttpResponse:
        if row:
            messages.error(
                self.request, f"{issue.title}: {row.get('error') or row['name_error']}"
            )
        elif run is None:
            messages.success(self.request, said)
        else:
            messages.success(self.request, f"{issue.title} is on its way to Xero.")
        query = QueryDict(mutable=True)
        query["issue"] = str(issue.pk)
        response = redirect("xero_sync:sync")
        response["Location"] += f"?{query.urlencode()}"
        return response


class RowView(IssueView):
    """Asked for every two seconds while a row is being tried again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        issue = self.issue(pk)
        if not wants_fragment(request):
            return self._plain_answer(issue, None, "", {})
        runs = SyncRun.objects.open()
        run = runs.filter(pk=self.tried).first() if self.tried else None
        return self.answer(issue, run)


class FixView(IssueView):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        issue = self.issue(pk)
        typed = request.POST.get("value", "")
        try:
            fix_field(issue, typed, by=self.actor)
        except DomainError as refusal:
            return self.answer(issue, None, typed=typed, error=refusal.message)
        issue = self.issue(pk)
        run = try_again(issue, by=self.actor)
        return self.answer(issue, run, said=saved_for_later(issue))


class NameView(IssueView):
    """What the contact is called in Xero, where its own name is taken."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        issue = self.issue(pk)
        typed = request.POST.get("value", "")
        try:
            approve_name(issue, typed, by=self.actor)
        except DomainError as refusal:
            return self.answer(issue, None, named=typed, name_error=refusal.message)
        return self.answer(
            issue, try_again(issue, by=self.actor), said=saved_for_later(issue)
        )


class TryAgainView(IssueView):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        issue = self.issue(pk)
        return self.answer(issue, try_again(issue, by=self.actor), said=later(issue))


class DecideView(IssueView):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        issue = self.issue(pk)
        answer = request.POST.get("answer", "")
        decide(issue, answer, request.POST.get("xero_id", ""), by=self.actor)
        return self.answer(
            issue, try_again(issue, by=self.actor), said=saved_for_later(issue)
        )


class AcceptView(IssueView):
    permission = Right.SETTINGS

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        issue = self.issue(pk)
        accept_xeros_value(issue, by=self.actor)
        return self.answer(
            issue, try_again(issue, by=self.actor), said=saved_for_later(issue)
        )


class TryAllAgainView(OfficeView):
    """All of a cause, or all there are."""

    permission = Right.FIX

    def post(self, request: HttpRequest) -> HttpResponse:
        issues = open_issues(XeroConnection.current())
        code, kind = request.POST.get("code", ""), request.POST.get("kind", "")
        if code:
            issues = issues.filter(code=code, kind=kind)
        run = try_all_again(issues, by=self.actor)
        if run is None:
            messages.success(request, LATER)
        else:
            wake_worker()
        return redirect("xero_sync:sync")


class LinkAlikeView(OfficeView):
    """All of a cause that say the same as those in Xero which have their numbers."""

    permission = Right.FIX

    def post(self, request: HttpRequest) -> HttpResponse:
        issues = open_issues(XeroConnection.current()).filter(
            code=request.POST.get("code", ""), kind=request.POST.get("kind", "")
        )
        pairs = alike_in(issues, SyncSettings.current())
        linked = link_alike(pairs, by=self.actor)
        if try_all_again(linked, by=self.actor):
            wake_worker()
        messages.success(request, f"{counted(len(linked), 'contact')} linked.")
        return redirect("xero_sync:sync")


def _still_wrong(issue: SyncIssue, tried: int | None) -> dict[str, Any]:
    """What stands in the way of a record once this was put right: with its row, when the
    run numbered ``tried`` has found it, as no page shows it yet."""
    if issue.resolved_at is None:
        return {}
    others = open_issues(issue.connection).filter(kind=issue.kind)
    others = others.filter(subject=issue.subject)
    found = others.filter(run__created_at__lte=F("first_seen_at"))
    new = found.filter(run=tried).first() if tried else None
    other = new or others.first()
    if other is None:
        return {}
    return {
        "other": other,
        "other_words": words_of(other.code, other.kind),
        "other_row": RowMaker(issue.connection).row(new) if new else None,
    }


def _wait_of(run: SyncRun | None) -> dict[str, Any]:
    """Where Xero makes it wait: why, how long, and whether that may be shortened."""
    waiting = run_that_waits(run) if run else None
    if waiting is None:
        return {}
    shortcut = shortcut_of(waiting)
    return {
        "waits": waiting_words(waiting, shortcut),
        "shortcut": shortcut,
        "waiting_pk": waiting.pk,
    }


def later(issue: SyncIssue) -> str:
    """When it goes, where no run could be asked for."""
    if issue.connection.is_connected:
        return LATER
    return "It goes once Xero is connected again."


def saved_for_later(issue: SyncIssue) -> str:
    if issue.connection.is_connected:
        return "Saved. It goes with the first sync."
    return f"Saved. {later(issue)}"


LATER = "It goes with the first sync. Start that first."
