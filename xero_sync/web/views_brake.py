"""What a run asks before it carries on, and the answer; what was left out after one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from fieldops.common.errors import DomainError
from fieldops.common.views import OfficeView
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.permissions import Right
from xero_sync.report.plan_words import change_rows
from xero_sync.report.question_words import question_parts
from xero_sync.runs.brake import (
    Answer,
    answer_question,
    asked_about,
    forget_kept_back,
)
from xero_sync.runs.requests import sync_now
from xero_sync.tasks import wake_worker

CHANGES_SHOWN = 25
_SAID = {
    Answer.GO_ON: "The sync goes on.",
    Answer.LEAVE_OUT: "The sync goes on without these.",
}


class QuestionView(OfficeView):
    """Whoever may start a sync may answer."""

    permission = Right.RUN

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(SyncRun.objects.select_related("connection"), pk=pk)
        if not run.is_asking:
            return redirect(run)
        asked = asked_about(run)
        page = Paginator(asked, CHANGES_SHOWN).get_page(request.GET.get("page"))
        context = {
            "run": run,
            "parts": question_parts(run),
            "page": page,
            "rows": change_rows(page),
        }
        return render(request, "xero_sync/question.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(SyncRun, pk=pk)
        given = request.POST.get("answer", "")
        if given not in list(Answer):
            raise DomainError("Choose one of the two answers.")
        answer_question(run, Answer(given), by=self.actor)
        wake_worker()
        messages.success(request, _SAID[Answer(given)])
        return redirect("xero_sync:sync")


class KeptBackView(OfficeView):
    """Plan once more what was left out; as many as before are asked about again."""

    permission = Right.RUN

    def post(self, request: HttpRequest) -> HttpResponse:
        connection = XeroConnection.current()
        if connection is not None:
            forget_kept_back(connection)
            sync_now(by=self.actor)
            wake_worker()
        return redirect("xero_sync:sync")
