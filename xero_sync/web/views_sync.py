"""The sync page, a run's page; starting and stopping."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from fieldops.common.numbers import whole_number
from fieldops.common.views import OfficeView, page_tabs
from xero_sync.consolidation.queue import left_to_check
from xero_sync.models import SyncRun, SyncSettings, XeroConnection
from xero_sync.permissions import Right
from xero_sync.report.left_out import left_out_now
from xero_sync.report.plan_words import change_rows
from xero_sync.report.queries import (
    Group,
    calls_since,
    grouped,
    latest_preview,
    latest_whole_run,
    open_issues,
    open_notices,
    run_counts,
    run_in_view,
)
from xero_sync.report.question_words import kept_back_names
from xero_sync.report.render import content_of, problem_words
from xero_sync.runs.pace import last_reset, pace_of, reserve_of
from xero_sync.runs.requests import stop_after_this_step, sync_now
from xero_sync.runs.undoing import latest_undo, may_be_undone
from xero_sync.runs.waiting import go_on_now
from xero_sync.store.budget import day_use
from xero_sync.tasks import wake_worker
from xero_sync.web.days import start_of_today, when_of
from xero_sync.web.ended import ask_after, tell_if_ended, tell_of_end
from xero_sync.web.panels import Panel, panel_of, step_row
from xero_sync.web.rows import RowMaker, ShownGroup

RUNS_SHOWN = 10
CHANGES_SHOWN = 25
# The tab of the changes where a value of ours gave way to Xero's.
REPLACED = "replaced"
_CHART_RUNS = 18


class SyncView(OfficeView):
    permission = Right.VIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        connection = XeroConnection.current()
        settings = SyncSettings.current()
        run = run_in_view(connection)
        if run is None:
            tell_if_ended(request)
        context = {
            "connection": connection,
            "settings": settings,
            "panel": panel_of(run) if run and not run.is_asking else None,
            "asking": run if run and run.is_asking else None,
            "kept_back": kept_back_names(connection) if connection else [],
            "preview": latest_preview(connection),
            "undo": latest_undo(connection),
            "left_to_check": left_to_check(connection),
            **issues_context(request, connection),
            **_health(connection),
            **_runs(request, connection),
        }
        return render(request, "xero_sync/sync.html", context)


class StateView(OfficeView):
    """The heartbeat in the top bar, which asks for itself from time to time. Who was
    signed out meanwhile is left alone: what is typed on the page must stay there."""

    permission = Right.VIEW

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return HttpResponse(status=204)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "xero_sync/_state.html")


class SyncNowView(OfficeView):
    permission = Right.RUN

    def post(self, request: HttpRequest) -> HttpResponse:
        ask_after(request, sync_now(by=self.actor))
        wake_worker()
        return redirect("xero_sync:sync")


class StopView(OfficeView):
    permission = Right.RUN

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(SyncRun, pk=pk)
        stop_after_this_step(run, by=self.actor)
        run.refresh_from_db()
        stopped = "The sync stops after this step." if run.is_open else "Stopped."
        messages.success(request, stopped)
        return redirect("xero_sync:sync")


class GoOnView(OfficeView):
    permission = Right.RUN

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if go_on_now(get_object_or_404(SyncRun, pk=pk), by=self.actor):
            wake_worker()
        return redirect("xero_sync:sync")


class ProgressView(OfficeView):
    """The panel alone, asked for every two seconds until the run has ended."""

    permission = Right.VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(SyncRun.objects.select_related("connection"), pk=pk)
        panel = panel_of(run)
        if not run.is_open or run.is_asking:
            # When a run has ended nothing on the page is as it was.
            tell_of_end(request, panel)
            return HttpResponse(headers={"HX-Refresh": "true"})
        context = {"panel": panel, "announces": _announces(request, panel)}
        return render(request, "xero_sync/_progress.html", context)


class RunView(OfficeView):
    """One run: its steps, each change with its reason, the report it left."""

    permission = Right.VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        runs = SyncRun.objects.select_related("connection", "started_by", "report")
        run = get_object_or_404(runs, pk=pk)
        report = getattr(run, "report", None)
        content = report.content if report else content_of(run)
        step = request.GET.get("step", "")
        steps = list(run.steps.all())
        changes = (
            run.changes.exclude(losers=[]) if step == REPLACED else run.changes.all()
        )
        if step and step != REPLACED:
            changes = changes.filter(step=step)
        page = Paginator(changes, CHANGES_SHOWN).get_page(request.GET.get("page"))
        context = {
            "run": run,
            "panel": panel_of(run) if run.is_open and not run.is_asking else None,
            "problem": None if run.is_open else problem_words(run),
            "may_be_undone": request.user.has_perm(Right.SETTINGS)
            and may_be_undone(run),
            "steps": [step_row(one) for one in steps],
            "content": content,
            "tabs": _step_tabs(run, step),
            "page": page,
            "rows": change_rows(page),
        }
        return render(request, "xero_sync/run.html", context)


def issues_context(
    request: HttpRequest, connection: XeroConnection | None
) -> dict[str, Any]:
    groups = grouped(open_issues(connection))
    wanted = request.GET.get("group", "")
    issue_id = whole_number(request.GET.get("issue", ""))
    if issue_id is not None:
        wanted = _group_of(groups, issue_id) or wanted
    shown: list[ShownGroup] = RowMaker(connection).groups(groups, open_key=wanted)
    return {
        "groups": shown,
        "issue_count": sum(len(group.issues) for group in groups),
        "notices": RowMaker(connection).groups(
            grouped(open_notices(connection)), open_key=wanted
        ),
        "can_fix": request.user.has_perm(Right.FIX),
    }


def _group_of(groups: list[Group], issue_id: int) -> str:
    """A link to one record opens the whole group it stands in."""
    found = (g.key for g in groups if any(i.pk == issue_id for i in g.issues))
    return next(found, "")


def _health(connection: XeroConnection | None) -> dict[str, Any]:
    """What was left out, what stands in the way, and the calls of today."""
    last = latest_whole_run(connection)
    if connection is None:
        return {}
    failed = last is not None and last.state == SyncRun.State.FAILED
    return {
        "left_out": left_out_now(connection) if last else [],
        "problem": problem_words(last) if last and failed else None,
        **_calls(connection),
    }


def _calls(connection: XeroConnection) -> dict[str, Any]:
    """What Xero counted of the day's calls; our own count until it has."""
    now = timezone.now()
    use = day_use(connection.pk)
    if use is None or use.seen_at < last_reset(use, now):
        return {"calls_made": calls_since(connection, start_of_today())}
    return {
        "use": use,
        "reserve": reserve_of(use),
        "pace": pace_of(connection.pk, now),
    }


def _runs(request: HttpRequest, connection: XeroConnection | None) -> dict[str, Any]:
    runs = SyncRun.objects.filter(connection=connection).select_related("started_by")
    page = Paginator(runs, RUNS_SHOWN).get_page(request.GET.get("page"))
    counts = run_counts(page)
    charted = list(
        runs.filter(finished_at__isnull=False).exclude(reason=SyncRun.Reason.PREVIEW)[
            :_CHART_RUNS
        ]
    )
    return {
        "run_page": page,
        "run_rows": [{"run": run, "counts": counts.get(run.pk)} for run in page],
        "chart": _chart(charted),
    }


def _chart(runs: list[SyncRun]) -> list[dict[str, Any]]:
    counts = run_counts(runs)
    return [
        {
            "label": when_of(run),
            "ok": counts[run.pk].done if run.pk in counts else 0,
            "bad": counts[run.pk].failed if run.pk in counts else 0,
            "url": run.get_absolute_url(),
        }
        for run in reversed(runs)
    ]


def _step_tabs(run: SyncRun, here: str) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for step in run.changes.order_by().values_list("step", flat=True):
        counts[step] = counts.get(step, 0) + 1
    total = sum(counts.values())
    labels = {"": "All"} | {
        step.name: step_row(step)["label"]
        for step in run.steps.all()
        if counts.get(step.name)
    }
    counts[REPLACED] = run.changes.exclude(losers=[]).count()
    if counts[REPLACED]:
        labels[REPLACED] = "Ours replaced"
    return [
        tab
        | {
            "url": f"?step={key}#changes",
            "count": counts.get(key, total),
        }
        for key, tab in zip(labels, page_tabs(labels, here), strict=True)
    ]


def _announces(request: HttpRequest, panel: Panel) -> bool:
    """Readers hear of each new step, not of every poll."""
    heard = request.GET.get("heard", "")
    return heard != str(panel.position)
