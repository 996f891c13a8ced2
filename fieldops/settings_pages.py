"""Settings: the way to each page, and the company's own page."""

from dataclasses import dataclass
from typing import Any

from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from fieldops.common.form_page import OfficeEditView
from fieldops.common.models import Company
from fieldops.common.services import change_company
from fieldops.common.views import OfficeView
from fieldops.forms import CompanyForm
from fieldops.navigation import url_or_blank

CHANGE_SETTINGS = "fieldops.change_settings"


@dataclass(frozen=True)
class Subject:
    """One settings page; without its page, or the right, the card is left out."""

    title: str
    text: str
    icon: str
    url_name: str
    right: str


SUBJECTS = (
    Subject(
        "Company",
        "Name, address, VAT number and how to pay, as they stand on invoices.",
        "building-2",
        "fieldops:company",
        CHANGE_SETTINGS,
    ),
    Subject(
        "Invoicing defaults",
        "Numbers, payment terms, and where sales and purchases are booked.",
        "receipt-text",
        "invoicing:invoicing-settings",
        CHANGE_SETTINGS,
    ),
    Subject(
        "Chart of accounts",
        "The nominal codes that lines are booked to.",
        "book-open",
        "invoicing:account-list",
        "invoicing.view_account",
    ),
    Subject(
        "VAT rates",
        "The rates a line can carry, and with which accounts.",
        "percent",
        "invoicing:tax-rate-list",
        "invoicing.view_account",
    ),
    Subject(
        "Customer settings",
        "Which email address goes to Xero.",
        "users",
        "xero_sync:customer-settings",
        "xero_sync.change_settings",
    ),
    Subject(
        "Finance: Xero",
        "Connect, choose the organisation, and say what goes there and how often.",
        "refresh-cw",
        "xero_sync:settings",
        "xero_sync.change_settings",
    ),
    Subject(
        "Users and roles",
        "Who may sign in, and what they may do.",
        "user-cog",
        "fieldops:user-list",
        "users.manage_users",
    ),
    Subject(
        "Import",
        "Bring in customers, suppliers, stock and invoices from CSV files.",
        "upload",
        "fieldops:import",
        "fieldops.import_data",
    ),
)


class SettingsView(OfficeView):
    permission = "invoicing.view_account"

    def get(self, request: HttpRequest) -> HttpResponse:
        cards = [
            {"subject": subject, "url": url}
            for subject in SUBJECTS
            if self.user.has_perm(subject.right)
            and (url := url_or_blank(subject.url_name))
        ]
        return render(request, "fieldops/settings.html", {"cards": cards})


class CompanyView(OfficeEditView[CompanyForm, Company]):
    permission = CHANGE_SETTINGS
    template_name = "fieldops/company_form.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, pk=1, **kwargs)

    def find(self) -> Company:
        return Company.current()

    def form(self, data: QueryDict | None = None) -> CompanyForm:
        initial = model_to_dict(self.record) | {"revision": self.record.revision}
        return CompanyForm(data, initial=initial)

    def save(self, form: CompanyForm) -> str:
        values = dict(form.cleaned_data)
        revision = values.pop("revision")
        change_company(values, by=self.actor, revision=revision)
        return reverse("fieldops:company")
