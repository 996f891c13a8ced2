"""Moments as the pages of the sync speak of them."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.formats import date_format

from xero_sync.models import SyncRun


def start_of_today() -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))


def when_of(run: SyncRun) -> str:
    """The time today, else the day and the time."""
    local = timezone.localtime(run.started_at or run.created_at)
    today = local.date() == timezone.localdate()
    return date_format(local, "H:i" if today else "j M, H:i")


def ago(moment: datetime) -> str:
    """ "4 min ago": how fresh the books are, at a glance."""
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    hours = minutes // 60
    if hours < 24:
        return f"{hours} h ago"
    return f"{hours // 24} d ago"
