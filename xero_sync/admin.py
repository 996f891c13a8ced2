"""The sync's tables in Django admin: to look at, never to write. Tokens are not shown."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from fieldops.common.admin import ReadOnlyAdmin, ReadOnlyInline
from xero_sync.models import (
    ContactLink,
    Intent,
    InvoiceLink,
    ItemLink,
    MirrorRecord,
    PairDecision,
    PlannedChange,
    SyncCursor,
    SyncIssue,
    SyncRun,
    SyncSettings,
    SyncStep,
    XeroConnection,
)
from xero_sync.report.fields import message_of
from xero_sync.report.queries import grouped, open_issues
from xero_sync.report.render import content_of
from xero_sync.report.wording import STEPS, words_of


@admin.register(XeroConnection)
class XeroConnectionAdmin(ReadOnlyAdmin):
    """The fields are named one by one: a new secret must not show by itself."""

    fields = (
        ("tenant_name", "tenant_id", "is_current"),
        ("state", "broken_reason"),
        ("connected_by", "connected_at"),
        ("short_code", "country", "base_currency", "is_demo", "lock_date"),
        ("first_sync_done_at", "last_good_sync_at", "full_compare_on"),
        ("next_due_at", "not_before"),
        ("lease_owner", "lease_expires_at"),
        ("accepted_differences", "scope"),
    )
    list_display = ("tenant_name", "state", "is_current", "last_good_sync_at")
    list_filter = ("state", "is_current")


@admin.register(SyncSettings)
class SyncSettingsAdmin(ReadOnlyAdmin):
    list_display = ("email", "address_slot", "mode", "frequency", "arrival_status")


class SyncStepInline(ReadOnlyInline):
    model = SyncStep
    hide_title = True
    fields = ("label", "state", "total", "done", "failed", "held")
    readonly_fields = ("label",)

    @admin.display(description="step")
    def label(self, step: SyncStep) -> str:
        return STEPS[step.name]


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyAdmin):
    """With the report that was kept, or what it would say of a run that has none yet."""

    inlines = (SyncStepInline,)
    list_display = ("pk", "created_at", "reason", "state", "who", "reads", "writes")
    list_filter = ("reason", "state", "problem")
    list_select_related = ("started_by",)
    date_hierarchy = "created_at"
    fields = (
        ("reason", "state"),
        ("created_at", "started_at", "finished_at"),
        ("started_by", "connection"),
        ("problem", "problem_details"),
        ("reads", "writes"),
        "report_in_words",
    )
    readonly_fields = ("report_in_words",)

    @admin.display(description="by")
    def who(self, run: SyncRun) -> str:
        return str(run.started_by or "Fieldops")

    @admin.display(description="report")
    def report_in_words(self, run: SyncRun) -> SafeString:
        report = getattr(run, "report", None)
        content = report.content if report else content_of(run)
        return _rendered("report", {"content": content})


@admin.register(SyncIssue)
class SyncIssueAdmin(ReadOnlyAdmin):
    """What is open stands on top, grouped by cause; the list below is the history."""

    list_display = ("title", "cause", "kind", "times", "last_seen_at", "resolved_at")
    list_filter = (("resolved_at", admin.EmptyFieldListFilter), "kind", "code")
    search_fields = ("title", "xero_id")
    list_select_related = ("contact", "item", "invoice")
    list_before_template = "xero_sync/admin/open_issues.html"
    readonly_fields = ("message",)

    @admin.display(description="cause", ordering="code")
    def cause(self, issue: SyncIssue) -> str:
        return words_of(issue.code, issue.kind).title

    @admin.display(description="what is wrong")
    def message(self, issue: SyncIssue) -> str:
        return message_of(issue)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        groups = grouped(open_issues(XeroConnection.current()))
        context = (extra_context or {}) | {"groups": groups}
        return super().changelist_view(request, context)


@admin.register(PlannedChange)
class PlannedChangeAdmin(ReadOnlyAdmin):
    list_display = ("title", "run", "step", "action", "direction", "reason", "state")
    list_filter = ("step", "action", "state")
    search_fields = ("title", "xero_id")
    list_select_related = ("run",)


@admin.register(PairDecision)
class PairDecisionAdmin(ReadOnlyAdmin):
    list_display = ("local_uid", "kind", "answer", "xero_id", "user", "decided_at")
    list_filter = ("kind", "answer")
    list_select_related = ("user",)


@admin.register(ContactLink, ItemLink, InvoiceLink)
class XeroLinkAdmin(ReadOnlyAdmin):
    list_display = ("record", "xero_id", "origin", "reasons", "synced_at")
    list_filter = ("origin",)
    search_fields = ("xero_id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        related = ("record__customer",) if self.model is InvoiceLink else ("record",)
        return super().get_queryset(request).select_related(*related)


@admin.register(MirrorRecord)
class MirrorRecordAdmin(ReadOnlyAdmin):
    list_display = ("kind", "xero_id", "updated_at", "is_gone")
    list_filter = ("kind", "is_gone")
    search_fields = ("xero_id",)


@admin.register(SyncCursor)
class SyncCursorAdmin(ReadOnlyAdmin):
    list_display = ("kind", "connection", "watermark")
    list_select_related = ("connection",)


@admin.register(Intent)
class IntentAdmin(ReadOnlyAdmin):
    fields = (
        ("key", "kind", "state"),
        ("method", "path", "params"),
        ("run", "connection"),
        ("prepared_at", "settled_at"),
    )
    list_display = ("key", "kind", "method", "state", "prepared_at", "settled_at")
    list_filter = ("state", "kind")
    search_fields = ("key",)


def _rendered(name: str, context: dict[str, Any]) -> SafeString:
    return mark_safe(render_to_string(f"xero_sync/admin/{name}.html", context))  # noqa: S308 - our own template, which escapes
