"""How records stand with Xero, for the pages of every app: ``{% load xero %}``.

On a list, once for the page: ``{% xero_states page as states %}``, then in each row
``{% xero_badge states|state_of:row %}``. On a detail page ``{% xero_panel record %}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms, template
from django.template import Context
from django.urls import reverse

from customers.models import Contact
from customers.permissions import Right as ContactRight
from fieldops.common.models import Merge
from invoicing.models import Invoice
from stock.models import StockItem
from stock.permissions import Right as StockRight
from xero_sync.consolidation.merged_away import left_in_xero
from xero_sync.consolidation.typed import Twin
from xero_sync.models import SyncRun, SyncSettings, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.permissions import Right
from xero_sync.report import states
from xero_sync.report.deep_links import xero_url
from xero_sync.report.naming import name_in_xero
from xero_sync.report.queries import groups_in_xero
from xero_sync.report.question_words import question_sentences
from xero_sync.report.record_problems import problems_of
from xero_sync.report.standing import standing_of
from xero_sync.report.states import KINDS, RecordState
from xero_sync.report.while_typing import (
    FIELDS,
    column_of,
    likely_same,
    remarks_on_form,
)
from xero_sync.report.wording import STATES, note_of, words_of

register = template.Library()

_MAY_CHANGE = {Kind.CONTACT: ContactRight.CHANGE, Kind.ITEM: StockRight.CHANGE}

AnyRecord = Contact | StockItem | Invoice


@register.simple_tag
def xero_states(records: Iterable[Any]) -> dict[int, RecordState]:
    """The states of the records of a page, read at once."""
    return states.states_of(list(records))


@register.filter
def question(run: SyncRun) -> list[str]:
    """What a run asks, in sentences."""
    return question_sentences(run)


@register.filter
def state_of(found: Mapping[int, RecordState], record: AnyRecord) -> RecordState:
    return found[record.pk]


@register.filter
def linked_in_xero(found: Mapping[int, RecordState]) -> int:
    """How many of them have a partner there."""
    return sum(bool(state.xero_id) for state in found.values())


@register.inclusion_tag("xero_sync/_badge.html", takes_context=True)
def xero_badge(context: Context, state: RecordState) -> dict[str, Any]:
    """Icon, word and tone; the reason, and the way to the fix, where there is one."""
    return badge_context(state) | {"can_fix": _may(context, Right.FIX)}


@register.inclusion_tag("xero_sync/_panel.html", takes_context=True)
def xero_panel(context: Context, record: AnyRecord) -> dict[str, Any]:
    """All that one record's page says of Xero."""
    state = states.state_of(record)
    kind = KINDS[type(record)]
    problems = [] if state.issue_id else _problems(record, context)
    connection = XeroConnection.current()
    is_ready = connection is not None and connection.first_sync_done_at is not None
    sendable = state.state in (states.WAITING, states.FAILED, states.HELD)
    sends_draft = isinstance(record, Invoice) and record.is_draft
    return badge_context(state) | {
        "can_fix": _may(context, Right.FIX),
        "kind": kind,
        "record": record,
        "name_in_xero": name_in_xero(record),
        "problems": problems,
        "is_prepared": state.state == states.WAITING and not problems,
        "open_url": xero_url(connection, kind, state.xero_id),
        "groups": groups_in_xero(connection, state.xero_id)
        if kind is Kind.CONTACT
        else [],
        "can_send": is_ready
        and _may(context, Right.RUN)
        and (sendable or sends_draft or state.state == states.IN_XERO),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def merges_left_in_xero(merges: list[Merge]) -> set[int]:
    """Of which merges, by primary key, something stands in Xero that can be archived."""
    return left_in_xero(merges)


@register.simple_tag
def likely_twins(record: Contact | StockItem) -> list[Twin]:
    """Of ours, for whoever looks for what to merge it with."""
    return likely_same(record)


@register.inclusion_tag("xero_sync/_typed_box.html", takes_context=True)
def xero_typed(context: Context, form: forms.ModelForm[Any]) -> dict[str, Any]:
    """Inside the form of a contact or an item: who may be the same, what is missing."""
    kind, record = KINDS[form._meta.model], context.get("record")
    request, pk = context["request"], record.pk if record else None
    return {
        "url": reverse(f"xero_sync:typed-{kind}") + (f"?record={pk}" if pk else ""),
        "fields": ",".join((*FIELDS[kind], "record")),
        "remarks": remarks_on_form(kind, form, request, pk=pk),
        "asks": form.is_bound and not form.errors,
        "and_invoice": "and_invoice" in request.POST,
        "may_take_over": _may(context, _MAY_CHANGE[kind]),
    }


@register.inclusion_tag("xero_sync/_bulk_actions.html", takes_context=True)
def xero_bulk_actions(context: Context, kind: str) -> dict[str, Any]:
    """The button "Send to Xero" of a bulk bar; nothing before the first sync."""
    connection = XeroConnection.current() if _may(context, Right.RUN) else None
    is_ready = connection is not None and connection.first_sync_done_at is not None
    path = context["request"].path
    return {"is_shown": is_ready, "kind": Kind(kind).value, "list_path": path}


@register.inclusion_tag("xero_sync/_standing.html", takes_context=True)
def xero_standing(context: Context, *, until_complete: bool = False) -> dict[str, Any]:
    """The line above a list: how far the company has come with Xero. Administrators can
    act on it; who may see the sync sees the words."""
    if not _may(context, Right.VIEW):
        return {}
    standing = standing_of(XeroConnection.current())
    if until_complete and standing.is_complete:
        return {}
    may_act = _may(context, Right.CONNECT)
    return {
        "standing": standing,
        "url": reverse(standing.url_name) if may_act else "",
    }


def badge_context(state: RecordState) -> dict[str, Any]:
    label, tone = STATES[state.state]
    fix_url = ""
    if state.issue_id:
        fix_url = (
            f"{reverse('xero_sync:sync')}?issue={state.issue_id}#issue-{state.issue_id}"
        )
    elif state.pair_id:
        fix_url = reverse("xero_sync:duplicate", args=[state.pair_id])
    return {
        "state": state,
        "label": label,
        "tone": tone,
        "is_quiet": state.state in (states.NOT_SYNCED, states.LEFT_OUT, states.IN_XERO),
        "fix_url": fix_url,
    }


def _problems(record: AnyRecord, context: Context) -> list[dict[str, str]]:
    """Each with the way to its field, for those who may change it."""
    problems = problems_of(record)
    if not problems:
        return []
    kind, edit_url = KINDS[type(record)], _edit_url(record, context)
    settings = SyncSettings.current()
    return [
        {
            "title": words_of(problem.code, kind).title,
            "note": note_of(problem.code, kind, problem.details),
            "fix": words_of(problem.code, kind).fix,
            "url": edit_url
            and f"{edit_url}#id_{column_of(record, problem.field_name, settings)}",
        }
        for problem in problems
    ]


def _edit_url(record: AnyRecord, context: Context) -> str:
    if isinstance(record, Contact) and _may(context, ContactRight.CHANGE):
        return reverse("customers:contact-edit", args=[record.pk])
    if isinstance(record, StockItem) and _may(context, StockRight.CHANGE):
        return reverse("stock:item-edit", args=[record.pk])
    return ""


def _may(context: Context, right: str) -> bool:
    request = context.get("request")
    return request is not None and request.user.has_perm(right)


@register.filter
def took(run: SyncRun) -> str:
    """How long a run lasted, from its start to its end."""
    if not run.started_at or not run.finished_at:
        return ""
    seconds = round((run.finished_at - run.started_at).total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    return f"{seconds // 60} min {seconds % 60} s"
