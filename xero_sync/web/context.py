"""How Xero stands, in the top bar of every page; two small queries at most."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from xero_sync.models import SyncIssue, XeroConnection
from xero_sync.permissions import Right
from xero_sync.report.question_words import asking_run, question_sentences
from xero_sync.web.days import ago

_STATE = XeroConnection.State


def xero_state(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Lazy: a fragment without a top bar asks nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.has_perm(Right.VIEW):
        return {}
    return {"xero": SimpleLazyObject(lambda: _state(request.path))}


def _state(path: str) -> dict[str, Any]:
    """``path`` is the page that is looked at: no banner leads to itself."""
    connection = XeroConnection.current()
    label, tone = _label(connection)
    url = reverse("xero_sync:sync")
    state = {"label": label, "tone": tone, "url": url, "open_issues": 0, "banner": None}
    if connection is None:
        return state
    state["open_issues"] = (
        SyncIssue.objects.to_fix().filter(connection=connection).count()
    )
    if connection.state == _STATE.BROKEN:
        state["banner"] = {
            "tone": "bad",
            "title": "Xero is disconnected",
            "text": "Nothing is lost: what changed meanwhile goes with the next sync.",
            "url": reverse("xero_sync:settings"),
            "action": "Reconnect",
        }
        return state
    asking = asking_run(connection)
    if asking is not None:
        question = reverse("xero_sync:question", args=[asking.pk])
        state |= {"label": "Xero: waits for your answer", "tone": "warn"}
        if path != question:
            state["banner"] = {
                "tone": "warn",
                "title": "The sync waits for your answer",
                "text": " ".join(question_sentences(asking)),
                "url": question,
                "action": "Look and answer",
            }
    return state


def _label(connection: XeroConnection | None) -> tuple[str, str]:
    if connection is None or connection.state == _STATE.DISCONNECTED:
        return "Xero: not connected", ""
    if connection.state == _STATE.BROKEN:
        return "Xero: reconnect", "bad"
    if connection.state == _STATE.CHOOSING:
        return "Xero: choose the organisation", "warn"
    lease = connection.lease_expires_at
    if lease and lease > timezone.now():
        return "Xero: syncing", "ok"
    if connection.last_good_sync_at is None:
        return "Xero: first sync not done", "warn"
    return f"Xero: last synced {ago(connection.last_good_sync_at)}", "ok"
