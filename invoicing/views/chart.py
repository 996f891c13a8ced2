"""The chart of accounts, the VAT rates, and what a new invoice starts with."""

from typing import Any

from django.db.models import QuerySet
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from fieldops.common.form_page import OfficeEditView, OfficeFormView
from fieldops.common.views import OfficeView
from invoicing.forms.chart import AccountForm, InvoicingSettingsForm, TaxRateForm
from invoicing.models import Account, InvoicingSettings, TaxRate
from invoicing.permissions import Right
from invoicing.queries import tax_rate_choices
from invoicing.services.chart import put_account, put_tax_rate
from invoicing.services.preferences import change_invoicing_settings


class AccountListView(OfficeView):
    permission = Right.VIEW_ACCOUNTS

    def get(self, request: HttpRequest) -> HttpResponse:
        rates = dict(tax_rate_choices())
        accounts = [
            {"account": account, "tax": rates.get(account.tax_type, account.tax_type)}
            for account in Account.objects.all()
        ]
        return render(request, "invoicing/account_list.html", {"accounts": accounts})


class TaxRateListView(OfficeView):
    permission = Right.VIEW_ACCOUNTS

    def get(self, request: HttpRequest) -> HttpResponse:
        rates: QuerySet[TaxRate] = TaxRate.objects.all()
        return render(request, "invoicing/tax_rate_list.html", {"rates": rates})


class AccountCreateView(OfficeFormView[AccountForm]):
    permission = Right.CHANGE_ACCOUNTS
    template_name = "invoicing/account_form.html"

    def form(self, data: QueryDict | None = None) -> AccountForm:
        return AccountForm(data, initial={})

    def save(self, form: AccountForm) -> str:
        values = dict(form.cleaned_data)
        put_account(values.pop("code"), values, by=self.actor)
        return reverse("invoicing:account-list")

    def page_context(self, form: AccountForm) -> dict[str, Any]:
        return {"title": "New account"}


class AccountEditView(OfficeEditView[AccountForm, Account]):
    permission = Right.CHANGE_ACCOUNTS
    template_name = "invoicing/account_form.html"

    def find(self) -> Account:
        return get_object_or_404(Account, pk=self.pk)

    def form(self, data: QueryDict | None = None) -> AccountForm:
        return AccountForm(data, initial=model_to_dict(self.record))

    def save(self, form: AccountForm) -> str:
        put_account(self.record.code, form.cleaned_data, by=self.actor)
        return reverse("invoicing:account-list")

    def page_context(self, form: AccountForm) -> dict[str, Any]:
        return {"title": f"Edit {self.record}"}


class TaxRateCreateView(OfficeFormView[TaxRateForm]):
    permission = Right.CHANGE_ACCOUNTS
    template_name = "invoicing/tax_rate_form.html"

    def form(self, data: QueryDict | None = None) -> TaxRateForm:
        return TaxRateForm(data, initial={})

    def save(self, form: TaxRateForm) -> str:
        values = dict(form.cleaned_data)
        put_tax_rate(values.pop("tax_type"), values, by=self.actor)
        return reverse("invoicing:tax-rate-list")

    def page_context(self, form: TaxRateForm) -> dict[str, Any]:
        return {"title": "New VAT rate"}


class TaxRateEditView(OfficeEditView[TaxRateForm, TaxRate]):
    permission = Right.CHANGE_ACCOUNTS
    template_name = "invoicing/tax_rate_form.html"

    def find(self) -> TaxRate:
        return get_object_or_404(TaxRate, pk=self.pk)

    def form(self, data: QueryDict | None = None) -> TaxRateForm:
        return TaxRateForm(data, initial=model_to_dict(self.record))

    def save(self, form: TaxRateForm) -> str:
        put_tax_rate(self.record.tax_type, form.cleaned_data, by=self.actor)
        return reverse("invoicing:tax-rate-list")

    def page_context(self, form: TaxRateForm) -> dict[str, Any]:
        return {"title": f"Edit {self.record}"}


class InvoicingSettingsView(OfficeEditView[InvoicingSettingsForm, InvoicingSettings]):
    permission = "fieldops.change_settings"
    template_name = "invoicing/settings_form.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, pk=1, **kwargs)

    def find(self) -> InvoicingSettings:
        return InvoicingSettings.current()

    def form(self, data: QueryDict | None = None) -> InvoicingSettingsForm:
        initial = model_to_dict(self.record) | {"revision": self.record.revision}
        return InvoicingSettingsForm(data, initial=initial)

    def save(self, form: InvoicingSettingsForm) -> str:
        values = dict(form.cleaned_data)
        revision = values.pop("revision")
        change_invoicing_settings(values, by=self.actor, revision=revision)
        return reverse("invoicing:invoicing-settings")
