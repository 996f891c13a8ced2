"""The shape of what people type about the chart of accounts and invoicing defaults."""

from typing import Any

from django import forms
from django.http import QueryDict

from fieldops.common.form_bases import TypedModelForm
from fieldops.common.form_page import RevisionForm
from fieldops.common.numbers import TypedDecimalField
from invoicing.models import CLASS_OF_TYPE, Account, InvoicingSettings, TaxRate
from invoicing.queries import account_choices, tax_rate_choices


class AccountForm(TypedModelForm[Account]):
    type = forms.ChoiceField(
        choices=[
            (type_, f"{type_.capitalize()} ({class_.lower()})")
            for type_, class_ in CLASS_OF_TYPE.items()
        ]
    )

    class Meta:
        model = Account
        fields = ("code", "name", "type", "tax_type", "is_active")
        labels = {"is_active": "In use"}

    def __init__(
        self, data: QueryDict | None = None, *, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["tax_type"] = forms.ChoiceField(
            label="Usual VAT rate",
            required=False,
            choices=[("", "None"), *tax_rate_choices()],
        )
        if initial.get("code"):
            del self.fields["code"]


class TaxRateForm(TypedModelForm[TaxRate]):
    percent = TypedDecimalField(label="Per cent", max_digits=9, decimal_places=4)

    class Meta:
        model = TaxRate
        fields = (
            "tax_type",
            "name",
            "percent",
            "applies_to_revenue",
            "applies_to_expenses",
            "applies_to_assets",
            "applies_to_liabilities",
            "applies_to_equity",
            "is_active",
        )
        labels = {"is_active": "In use"}
        help_texts = {"tax_type": "Xero's code for the rate, for example OUTPUT2."}

    def __init__(
        self, data: QueryDict | None = None, *, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        if initial.get("tax_type"):
            del self.fields["tax_type"]


class InvoicingSettingsForm(RevisionForm, TypedModelForm[InvoicingSettings]):
    class Meta:
        model = InvoicingSettings
        fields = (
            "number_prefix",
            "next_number",
            "payment_days",
            "payment_terms",
            "sales_account_code",
            "sales_tax_type",
            "purchase_account_code",
            "purchase_tax_type",
        )

    def __init__(
        self, data: QueryDict | None = None, *, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        choices = {"account_code": account_choices(), "tax_type": tax_rate_choices()}
        for side, word in (("sales", "Sales"), ("purchase", "Purchases")):
            for column, known in choices.items():
                what = "account" if column == "account_code" else "VAT rate"
                self.fields[f"{side}_{column}"] = forms.ChoiceField(
                    label=f"{word}: {what}", choices=known
                )
