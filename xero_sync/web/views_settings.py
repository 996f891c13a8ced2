"""Settings > Finance > Xero and Settings > Customer settings: administrators only."""

from typing import Any, Generic, TypeVar

from django.conf import settings as project
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from fieldops.common.errors import DomainError, StaleRecord
from fieldops.common.form_page import add_refusal
from fieldops.common.views import OfficeView
from invoicing.models import InvoicingSettings
from invoicing.services.preferences import change_invoicing_settings
from xero_sync.consolidation.starting import preview_again
from xero_sync.models import SyncSettings, XeroConnection
from xero_sync.permissions import Right
from xero_sync.report.effects import Effect, effects_of, left_out_before
from xero_sync.report.queries import latest_preview, open_issues
from xero_sync.report.waiting import what_waits
from xero_sync.runs.choices import change_settings, next_day_after_lock_date
from xero_sync.runs.keeping import permission_of
from xero_sync.tasks import wake_worker
from xero_sync.web.forms import (
    ACCOUNT_FIELDS,
    KINDS_WITH_DIFFERENCES,
    SYNC_FIELDS,
    CustomerSettingsForm,
    XeroSettingsForm,
)
from xero_sync.web.rows import RowMaker

F = TypeVar("F", XeroSettingsForm, CustomerSettingsForm)


class SyncSettingsView(OfficeView, Generic[F]):
    """Once the first sync is done, a change that concerns somebody is shown with their
    number first; saving it takes a second press."""

    permission = Right.SETTINGS
    template_name = ""
    url_name = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.settings = SyncSettings.current()
        self.connection = XeroConnection.current()

    def form(self, data: QueryDict | None = None) -> F:
        raise NotImplementedError

    def save(self, form: F) -> None:
        change_settings(self.changed_values(form), by=self.actor)

    def page_context(self) -> dict[str, Any]:
        return {}

    def changed_values(self, form: F) -> dict[str, Any]:
        return {
            name: value
            for name, value in form.sync_values().items()
            if getattr(self.settings, name) != value
        }

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        effects = self.effects(form)
        if effects and "affects_seen" not in request.POST:
            return self.ask(form, effects)
        changed = self.changed_values(form)
        try:
            self.check_revision(form)
            self.save(form)
        except DomainError as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=422)
        messages.success(request, _saved(self.connection))
        self.preview_anew(changed)
        return redirect(self.url_name)

    def preview_anew(self, changed: dict[str, Any]) -> None:
        """Before the first sync its preview says whom a setting concerns."""
        connection = XeroConnection.current()
        if not changed or connection is None or connection.first_sync_done_at:
            return
        if preview_again(connection, by=self.actor):
            wake_worker()
            messages.success(
                self.request, "A new preview of the first sync is on its way."
            )

    def effects(self, form: F) -> list[Effect]:
        if self.connection is None or self.connection.first_sync_done_at is None:
            return []
        return effects_of(self.settings, self.changed_values(form))

    def check_revision(self, form: F) -> None:
        seen = form.cleaned_data.get("revision")
        if seen is not None and seen != self.settings.revision:
            raise StaleRecord(
                "Somebody changed these settings while you were working on them. "
                "Open the page again and make your change once more."
            )

    def ask(self, form: F, effects: list[Effect]) -> HttpResponse:
        typed = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name != "csrfmiddlewaretoken"
            for value in values
        ]
        context = {"effects": effects, "typed": typed, "form": form}
        return render(self.request, "xero_sync/settings_effects.html", context)

    def page(self, form: F, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "settings": self.settings,
            "connection": self.connection,
            "preview": latest_preview(self.connection),
            **self.page_context(),
        }
        return render(self.request, self.template_name, context, status=status)


def _saved(connection: XeroConnection | None) -> str:
    """Before the first sync also what is left to confirm, lest somebody waits for it."""
    if connection is None or connection.first_sync_done_at:
        return "Saved."
    left = SyncSettings.current().unconfirmed
    return f"Saved. Still to confirm: {', '.join(left)}." if left else "Saved."


class XeroSettingsView(SyncSettingsView[XeroSettingsForm]):
    template_name = "xero_sync/settings.html"
    url_name = "xero_sync:settings"

    def form(self, data: QueryDict | None = None) -> XeroSettingsForm:
        defaults = InvoicingSettings.current()
        initial = {name: getattr(self.settings, name) for name in SYNC_FIELDS}
        initial |= {name: getattr(defaults, name) for name in ACCOUNT_FIELDS}
        initial |= {"revision": self.settings.revision}
        if not self.settings.invoices_confirmed and not self.settings.invoices_from:
            initial["invoices_from"] = next_day_after_lock_date()
        return XeroSettingsForm(
            data, initial=initial, settings=self.settings, defaults=defaults
        )

    def save(self, form: XeroSettingsForm) -> None:
        super().save(form)
        change_invoicing_settings(form.account_values(), by=self.actor)

    def page_context(self) -> dict[str, Any]:
        day = self.settings.invoices_from
        if not self.settings.invoices_confirmed and day is None:
            day = next_day_after_lock_date()
        count, amount = left_out_before(day)
        issues = open_issues(self.connection).filter(kind__in=KINDS_WITH_DIFFERENCES)
        maker = RowMaker(self.connection, self.settings)
        return {
            "differences": [maker.row(issue, {}) for issue in issues],
            "left_out_count": count,
            "left_out_amount": amount,
            "left_out_day": day,
            "is_set_up": bool(project.XERO_CLIENT_ID),
            "is_practice": bool(project.XERO_URL),
            "asks_to_disconnect": "disconnect" in self.request.GET,
            **_permission(self.connection),
        }


def _permission(connection: XeroConnection | None) -> dict[str, Any]:
    """Until when Xero lets us in; what waits for it when it does not."""
    if connection is None:
        return {}
    if connection.state == XeroConnection.State.BROKEN:
        return {"waits": what_waits(connection)}
    return {"permission": permission_of(connection, timezone.now())}


class CustomerSettingsView(SyncSettingsView[CustomerSettingsForm]):
    template_name = "xero_sync/customer_settings.html"
    url_name = "xero_sync:customer-settings"

    def form(self, data: QueryDict | None = None) -> CustomerSettingsForm:
        initial = {"email": self.settings.email, "revision": self.settings.revision}
        return CustomerSettingsForm(data, initial=initial, settings=self.settings)
