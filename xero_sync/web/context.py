"""How Xero stands, on every page: one query, and the page asks again by itself."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject

from fieldops.users.models import User
from xero_sync.models import SyncRun, SyncSettings, XeroConnection
from xero_sync.outcomes.codes import RunProblem
from xero_sync.permissions import Right
from xero_sync.report.heartbeat import (
    Pulse,
    Signs,
    alarm_of,
    at,
    pulse_of,
    read_signs,
)
from xero_sync.report.question_words import question_sentences
from xero_sync.runs.keeping import Permission
from xero_sync.web.days import ago

# Seconds between two looks: closer while something happens that people watch.
EVERY = 30
EVERY_WHEN_BUSY = 5
_BUSY = (Pulse.RUNNING, Pulse.STARTING)

_STANDING = {
    Pulse.OFF: ("not connected", ""),
    Pulse.CHOOSING: ("choose the organisation", "warn"),
    Pulse.BROKEN: ("reconnect", "bad"),
    Pulse.ASKING: ("waits for your answer", "warn"),
    Pulse.LATE: ("sync is late", "bad"),
    Pulse.STARTING: ("sync starts", "ok"),
    Pulse.NEVER: ("first sync not done", "warn"),
}
_WAITS_FOR = {
    RunProblem.DAY_LIMIT: "day's limit used, goes on at",
    RunProblem.MINUTE_LIMIT: "slowed down, goes on at",
    RunProblem.UNAVAILABLE: "no answer, tries again at",
}


def xero_state(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Lazy: a fragment without a top bar asks nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.has_perm(Right.VIEW):
        return {}
    return {"xero": SimpleLazyObject(lambda: _state(user, request.path))}


def _state(user: User, path: str) -> dict[str, Any]:
    """``path`` is the page that is looked at: no banner leads to itself."""
    now = timezone.now()
    signs = read_signs()
    pulse = pulse_of(signs, now)
    words, tone = _standing(signs, pulse)
    return {
        "label": f"Xero: {words}",
        "tone": tone,
        "url": reverse("xero_sync:sync"),
        "state_url": reverse("xero_sync:state"),
        "every": EVERY_WHEN_BUSY if pulse in _BUSY else EVERY,
        "open_issues": signs.to_fix if signs else 0,
        "to_check": signs.to_check if signs else 0,
        "banner": _banner(signs, now, user, path),
        "alarm": None if pulse is Pulse.ASKING else alarm_of(signs, now),
    }


def _standing(signs: Signs | None, pulse: Pulse) -> tuple[str, str]:
    if signs is None or pulse in _STANDING:
        return _STANDING[pulse]
    if pulse is Pulse.RUNNING:
        how_far = f", {signs.done:,} of {signs.total:,}" if signs.total else ""
        return f"syncing{how_far}", "ok"
    if pulse is Pulse.WAITING and signs.waits_until:
        doing = _WAITS_FOR.get(RunProblem(signs.run_problem), "waits until")
        return f"{doing} {at(signs.waits_until)}", "warn"
    good = signs.last_good_sync_at
    return f"last good sync {ago(good) if good else 'unknown'}", "ok"


def _banner(
    signs: Signs | None, now: datetime, user: User, path: str
) -> dict[str, str] | None:
    if signs is None:
        return None
    may_connect = user.has_perm(Right.CONNECT)
    if signs.state == XeroConnection.State.BROKEN:
        return _broken_banner(signs, may_connect=may_connect)
    if signs.run_pk and signs.run_state == SyncRun.State.ASKING:
        return _asking_banner(SyncRun.objects.get(pk=signs.run_pk), path)
    if signs.state == XeroConnection.State.CONNECTED and signs.renewed_at:
        permission = Permission(signs.renewed_at, now)
        if permission.tone and may_connect and path != reverse("xero_sync:settings"):
            return _ending_banner(permission)
    return None


def _asking_banner(run: SyncRun, path: str) -> dict[str, str] | None:
    question = reverse("xero_sync:question", args=[run.pk])
    if path in (question, reverse("xero_sync:sync")):
        return None
    return {
        "tone": "warn",
        "title": "The sync waits for your answer",
        "text": " ".join(question_sentences(run)),
        "url": question,
        "action": "Look and answer",
    }


def _broken_banner(signs: Signs, *, may_connect: bool) -> dict[str, str]:
    since = f"Since {at(signs.broken_at)}, " if signs.broken_at else ""
    banner = {
        "tone": "bad",
        "title": "Xero is disconnected",
        "text": f"{since}Xero no longer lets Fieldops in. Nothing is lost: what changes "
        f"meanwhile goes {_goes_then(signs)}.",
    }
    if not may_connect:
        banner["text"] += " An administrator reconnects it."
        return banner
    return banner | {"url": reverse("xero_sync:settings"), "action": "Reconnect"}


def _goes_then(signs: Signs) -> str:
    if signs.mode == SyncSettings.Mode.AUTOMATIC:
        return "by itself once it is connected again"
    return "with the next sync after it is connected again"


def _ending_banner(permission: Permission) -> dict[str, str]:
    last = date_format(timezone.localtime(permission.renewed_at), "j F")
    ends = date_format(timezone.localtime(permission.ends_at), "j F")
    return {
        "tone": permission.tone,
        "title": f"The permission for Xero ends on {ends}",
        "text": f"It has not been renewed since {last}. It is renewed by itself once "
        "the background service and Xero are there again, or when you reconnect.",
        "url": reverse("xero_sync:settings"),
        "action": "Look at it",
    }
