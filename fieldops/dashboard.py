"""The first page: what needs somebody today, made of real figures only."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from customers.models import Contact
from fieldops.common.permissions import SIGNED_IN
from fieldops.common.views import OfficeView
from fieldops.recent import recent_changes
from fieldops.templatetags.office import money
from fieldops.ui.charts import BarInput, ColumnInput
from fieldops.users.models import User
from invoicing.models import Invoice
from invoicing.queries import ageing, amount_due, overdue, visible_invoices
from stock.models import StockItem
from stock.queries import visible_items
from xero_sync.consolidation.queue import left_to_check
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.permissions import Right as SyncRight
from xero_sync.report.queries import RunCounts, open_issues, run_counts

LATE_DAYS = 30
RECENT = 8
RUNS = 18


class DashboardView(OfficeView):
    permission = SIGNED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        context = {
            "greeting": f"{greeting(timezone.localtime().hour)}, {self.user}",
            "today": today,
            "is_new": is_new(),
            "attention": attention_for(self.user, on=today),
            "recent": recent_changes(self.user, limit=RECENT),
            "runs": sync_runs(self.user),
            **owed_to_us(self.user, on=today),
        }
        return render(request, "fieldops/dashboard.html", context)


def greeting(hour: int) -> str:
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"


def is_new() -> bool:
    """Nothing has been kept yet."""
    return not any(
        model._default_manager.exists() for model in (Contact, StockItem, Invoice)
    )


def attention_for(user: User, *, on: date) -> list[dict[str, Any]]:
    """Every figure leads to the list that makes it up."""
    invoices, items = reverse("invoicing:invoice-list"), reverse("stock:item-list")
    visible = visible_invoices(user)
    late = overdue(visible, on=on - timedelta(days=LATE_DAYS))
    drafts = visible.filter(status=Invoice.Status.DRAFT)
    low = visible_items(user).below_reorder_level()
    candidates = (
        unsynced(user),
        undecided(user),
        {
            "count": late.count(),
            "icon": "clock",
            "tone": "bad",
            "text": f"over {LATE_DAYS} days late",
            "noun": "invoice",
            "figure": money(amount_due(late)),
            "url": f"{invoices}?view=overdue&sort=due&late=31&late=61&late=91",
            "action": "Chase",
        },
        {
            "count": low.count(),
            "icon": "package",
            "tone": "warn",
            "text": "below reorder level",
            "noun": "stock item",
            "figure": "",
            "url": f"{items}?view=low",
            "action": "See list",
        },
        {
            "count": drafts.count(),
            "icon": "pencil",
            "tone": "mute",
            "text": "not yet approved",
            "noun": "draft invoice",
            "figure": "",
            "url": f"{invoices}?view=draft",
            "action": "See drafts",
        },
    )
    return [worded(candidate) for candidate in candidates if candidate["count"]]


def undecided(user: User) -> dict[str, Any]:
    """Pairs that may be one, here and in Xero."""
    return {
        "count": to_check(user),
        "icon": "merge",
        "tone": "warn",
        "text": "left to check",
        "noun": "possible duplicate",
        "figure": "",
        "url": reverse("xero_sync:duplicates"),
        "action": "Check",
    }


def unsynced(user: User) -> dict[str, Any]:
    """Records that did not reach Xero; nothing before it is connected."""
    causes: set[str] = set()
    count = 0
    if user.has_perm(SyncRight.VIEW):
        codes = list(
            open_issues(XeroConnection.current()).values_list("code", flat=True)
        )
        causes, count = set(codes), len(codes)
    return {
        "count": count,
        "icon": "refresh-cw",
        "tone": "bad",
        "text": "not in step with Xero",
        "noun": "record",
        "figure": f"{len(causes)} cause{'' if len(causes) == 1 else 's'}",
        "url": reverse("xero_sync:sync"),
        "action": "Fix now",
    }


def to_check(user: User) -> int:
    """Pairs that wait for a person who may see them."""
    if not user.has_perm(SyncRight.VIEW):
        return 0
    return left_to_check(XeroConnection.current())


def sync_runs(user: User) -> list[ColumnInput]:
    """The latest runs, oldest first, for the chart; none without Xero."""
    connection = XeroConnection.current()
    if connection is None or not user.has_perm(SyncRight.VIEW):
        return []
    ended = SyncRun.objects.filter(connection=connection, finished_at__isnull=False)
    runs = list(ended.exclude(reason=SyncRun.Reason.PREVIEW)[:RUNS])
    counts = run_counts(runs)
    return [run_column(run, counts.get(run.pk, RunCounts())) for run in reversed(runs)]


def run_column(run: SyncRun, counts: RunCounts) -> ColumnInput:
    return {
        "label": date_format(timezone.localtime(run.created_at), "j M H:i"),
        "ok": counts.done,
        "bad": counts.failed + counts.held,
        "url": reverse("xero_sync:run", args=[run.pk]),
    }


def worded(item: dict[str, Any]) -> dict[str, Any]:
    count, plural = item["count"], "" if item["count"] == 1 else "s"
    verb = "is" if count == 1 else "are"
    return {**item, "text": f"{count} {item['noun']}{plural} {verb} {item['text']}"}


def owed_to_us(user: User, *, on: date) -> dict[str, Any]:
    invoices = visible_invoices(user)
    classes = ageing(invoices, on=on)
    address = reverse("invoicing:invoice-list")
    rows: list[BarInput] = [
        {
            "label": age.label,
            "value": amount,
            "shown": money(amount),
            "url": f"{address}?view=owing&late={age.key}",
        }
        for age, amount in classes
    ]
    return {"owed": sum(amount for _, amount in classes), "ages": rows}
