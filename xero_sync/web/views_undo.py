"""Undo a sync: what that does and leaves, and the tick that starts it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from fieldops.common.errors import DomainError
from fieldops.common.views import OfficeView, vary_on_htmx, wants_fragment
from xero_sync.models import PlannedChange, SyncRun
from xero_sync.permissions import Right
from xero_sync.report.undoing import undo_preview
from xero_sync.runs.undoing import may_be_undone, undo_run
from xero_sync.tasks import wake_worker

# Of a larger run the page comes first, and what can be taken back after it: reading both
# sides costs half a millisecond a record.
COUNTED_AT_ONCE = 500


class UndoView(OfficeView):
    """Nothing is changed before somebody has ticked that they have read the counts."""

    permission = Right.SETTINGS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._run(pk)
        if not may_be_undone(run):
            return redirect(run)
        count = run.changes.filter(state=PlannedChange.State.DONE).count()
        is_fragment = wants_fragment(request)
        asks_now = is_fragment or count <= COUNTED_AT_ONCE or "counted" in request.GET
        context = {
            "run": run,
            "count": count,
            "preview": undo_preview(run) if asks_now else None,
            "is_first": run.reason == SyncRun.Reason.FIRST,
        }
        name = "_undo.html" if is_fragment else "undo.html"
        return vary_on_htmx(render(request, f"xero_sync/{name}", context))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._run(pk)
        if "understood" not in request.POST:
            raise DomainError(
                "Tick that you have read what is taken back. Nothing has been changed."
            )
        undo = undo_run(run, by=self.actor)
        wake_worker()
        messages.success(request, "The sync is being undone.")
        return redirect(undo)

    def refused_url(self) -> str:
        return self._run(self.kwargs["pk"]).get_absolute_url()

    def _run(self, pk: int) -> SyncRun:
        runs = SyncRun.objects.select_related("connection", "started_by")
        return get_object_or_404(runs, pk=pk)
