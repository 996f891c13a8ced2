"""The preview of the first sync, signing it off, and starting it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from fieldops.common.views import OfficeView
from xero_sync.consolidation.queue import left_to_check, needs_sign_off
from xero_sync.consolidation.signing import sign_off_and_start, start_unsigned
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.permissions import Right
from xero_sync.report.left_out import left_out_by
from xero_sync.report.plan_in_short import plan_in_short
from xero_sync.report.plan_words import preview_steps
from xero_sync.report.queries import latest_preview
from xero_sync.report.render import problem_words
from xero_sync.runs.errors import NotConnected
from xero_sync.runs.requests import preview_first_sync
from xero_sync.runs.signed import digest_of
from xero_sync.tasks import wake_worker
from xero_sync.web.ended import ask_after
from xero_sync.web.panels import panel_of


class PreviewView(OfficeView):
    """What the first sync will do; POST works it out anew."""

    permission = Right.RUN

    def get(self, request: HttpRequest) -> HttpResponse:
        run = latest_preview(XeroConnection.current())
        if run is None:
            return redirect("xero_sync:sync")
        if run.connection.first_sync_done_at:
            return redirect(run)
        context: dict[str, Any] = {"run": run, "problem": problem_words(run)}
        if run.is_open:
            context["panel"] = panel_of(run)
        else:
            context |= {
                "steps": preview_steps(run),
                "plan": plan_in_short(run),
                "digest": digest_of(run),
                "needs_sign_off": needs_sign_off(run.connection),
                "left_out": left_out_by(run),
                "left_to_check": left_to_check(run.connection),
            }
        return render(request, "xero_sync/preview.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        preview_first_sync(by=self.actor)
        wake_worker()
        return redirect("xero_sync:preview")


class SignOffView(OfficeView):
    """The plan on the screen is what is carried out."""

    permission = Right.RUN

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        previews = SyncRun.objects.filter(reason=SyncRun.Reason.PREVIEW)
        run = get_object_or_404(previews.select_related("connection"), pk=pk)
        shown = plan_in_short(run).as_json()
        digest = request.POST.get("digest", "")
        first = sign_off_and_start(run, digest, shown=shown, by=self.actor)
        ask_after(request, first)
        wake_worker()
        return redirect("xero_sync:sync")


class FirstSyncView(OfficeView):
    """Without a signature, where a side holds little."""

    permission = Right.RUN

    def post(self, request: HttpRequest) -> HttpResponse:
        connection = XeroConnection.current()
        if connection is None:
            raise NotConnected
        ask_after(request, start_unsigned(connection, by=self.actor))
        wake_worker()
        return redirect("xero_sync:sync")
