"""The first page: what needs somebody today, made of real figures only."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from customers.models import Contact
from fieldops.common.permissions import SIGNED_IN
from fieldops.common.views import OfficeView
from fieldops.recent import recent_changes
from fieldops.templatetags.office import money
from fieldops.ui.charts import BarInput
from fieldops.users.models import User
from invoicing.models import Invoice
from invoicing.queries import ageing, amount_due, overdue, visible_invoices
from stock.models import StockItem
from stock.queries import visible_items

LATE_DAYS = 30
RECENT = 8


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
        {
            "count": late.count(),
            "icon": "clock",
            "tone": "bad",
            "text": f"over {LATE_DAYS} days late",
            "noun": "invoice",
            "figure": money(amount_due(late)),
            "url": f"{invoices}?view=overdue&sort=due",
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
