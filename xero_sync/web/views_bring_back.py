"""Values of ours that Xero's replaced: bring one back, or keep Xero's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from fieldops.common.errors import DomainError
from fieldops.common.views import OfficeView, vary_on_htmx, wants_fragment
from xero_sync.models import PlannedChange, SyncIssue
from xero_sync.permissions import Right
from xero_sync.report.bringing_back import (
    bring_back_from_issue,
    bring_back_from_run,
    keep_xeros,
)
from xero_sync.report.wording import field_label
from xero_sync.web.rows import RowMaker

GOES_NEXT = "It goes to Xero with the next sync."
KEPT = "Xero's value is kept. Ours stays in the history."


class NoticeView(OfficeView):
    """One row: htmx gets the row anew, a plain form goes back to the list."""

    permission = Right.FIX

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        issues = SyncIssue.objects.select_related("connection", "contact", "item")
        issue = get_object_or_404(issues, pk=pk)
        try:
            return self.answer(issue, said=self.act(issue))
        except DomainError as refusal:
            return self.answer(issue, error=refusal.message)

    def act(self, issue: SyncIssue) -> str:
        """Does what was pressed, and what there is to say of it."""
        raise NotImplementedError

    def answer(
        self, issue: SyncIssue, *, said: str = "", error: str = ""
    ) -> HttpResponse:
        if not wants_fragment(self.request):
            tell = messages.error if error else messages.success
            tell(self.request, f"{issue.title}: {error or said}")
            return redirect("xero_sync:sync")
        row = RowMaker(issue.connection).row(issue)
        context = {"row": row, "said": said, "error": error, "can_fix": True}
        response = render(self.request, "xero_sync/_notice_row.html", context)
        response.status_code = 422 if error else 200
        return vary_on_htmx(response)


class BringBackView(NoticeView):
    def act(self, issue: SyncIssue) -> str:
        bring_back_from_issue(issue, by=self.actor)
        return f"{field_label(issue.field_name)} is ours again. {GOES_NEXT}"


class KeepView(NoticeView):
    def act(self, issue: SyncIssue) -> str:
        keep_xeros(issue)
        return KEPT


class RunBringBackView(OfficeView):
    """From the list of losers on a run's page."""

    permission = Right.FIX

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        change = get_object_or_404(PlannedChange.objects.select_related("run"), pk=pk)
        name = request.POST.get("field", "")
        record = bring_back_from_run(change, name, by=self.actor)
        messages.success(
            request, f"{record}: {field_label(name)} is ours again. {GOES_NEXT}"
        )
        return redirect(f"{change.run.get_absolute_url()}?step=replaced#changes")
