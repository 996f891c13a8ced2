"""What an administrator may choose about the sync."""

from typing import Any

from django import forms
from django.http import QueryDict

from invoicing.models import InvoicingSettings
from invoicing.queries import account_choices, tax_rate_choices
from xero_sync.models import SyncSettings
from xero_sync.outcomes.kinds import Kind

ASK = "Not sure? Ask your bookkeeper."
SHOWN_FIRST = "Whom a change concerns is shown before it is saved."
CHECKED = "I have checked this"

SYNC_FIELDS = (
    "address_slot",
    "mode",
    "frequency",
    "arrival_status",
    "sends_drafts",
    "invoices_from",
    "vat_quarters",
)
ACCOUNT_FIELDS = (
    "sales_account_code",
    "sales_tax_type",
    "purchase_account_code",
    "purchase_tax_type",
)


class SettingsForm(forms.Form):
    """``revision`` is that of the settings on the screen. A confirmation that was given
    once is not asked for again."""

    confirmations: tuple[str, ...] = ()
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: QueryDict | None = None, *, settings: SyncSettings, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        for name in self.confirmations:
            if getattr(settings, name):
                del self.fields[name]


class XeroSettingsForm(SettingsForm):
    confirmations = ("address_confirmed", "invoices_confirmed")

    address_slot = forms.ChoiceField(
        label="Address to use in Xero",
        choices=SyncSettings.AddressSlot.choices,
        widget=forms.RadioSelect,
        help_text=f"{ASK} Set this before the first sync.",
    )
    address_confirmed = forms.BooleanField(label=CHECKED, required=False)
    mode = forms.ChoiceField(
        label="Sync",
        choices=SyncSettings.Mode.choices,
        widget=forms.RadioSelect,
    )
    frequency = forms.TypedChoiceField(
        label="Every",
        choices=SyncSettings.Frequency.choices,
        coerce=int,
        help_text="The server does it, whether anybody is signed in or not.",
    )
    arrival_status = forms.ChoiceField(
        label="Approved invoices arrive in Xero as",
        choices=SyncSettings.ArrivalStatus.choices,
        widget=forms.RadioSelect,
    )
    sends_drafts = forms.BooleanField(
        label="Send drafts as well",
        required=False,
        help_text="They arrive as drafts. Otherwise they stay here until approved.",
    )
    invoices_from = forms.DateField(
        label="Send invoices dated from",
        required=False,
        help_text=f"Empty: all of them. {ASK}",
    )
    vat_quarters = forms.TypedChoiceField(
        label="VAT quarters end with",
        choices=SyncSettings.VatQuarters.choices,
        coerce=int,
        help_text="By these the plan of the first sync adds up its invoices.",
    )
    invoices_confirmed = forms.BooleanField(label=CHECKED, required=False)
    sales_account_code = forms.ChoiceField(label="Sales account")
    sales_tax_type = forms.ChoiceField(label="VAT on sales")
    purchase_account_code = forms.ChoiceField(label="Purchase account")
    purchase_tax_type = forms.ChoiceField(label="VAT on purchases")

    def __init__(self, *args: Any, defaults: InvoicingSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "address_confirmed" not in self.fields:
            self.fields["address_slot"].help_text = f"{ASK} {SHOWN_FIRST}"
        accounts, rates = account_choices(), tax_rate_choices()
        for name in ACCOUNT_FIELDS:
            known = accounts if name.endswith("account_code") else rates
            self._offer(name, known, getattr(defaults, name))

    def _offer(self, name: str, known: list[tuple[str, str]], now: str) -> None:
        """The value in force stays on offer, even where Xero has archived it."""
        missing = [] if now in dict(known) else [(now, f"{now} (not in use)")]
        self.fields[name] = forms.ChoiceField(
            label=self.fields[name].label, choices=[*missing, *known]
        )

    def sync_values(self) -> dict[str, Any]:
        names = (*SYNC_FIELDS, *self.confirmations)
        return {n: self.cleaned_data[n] for n in names if n in self.cleaned_data}

    def account_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ACCOUNT_FIELDS}


class CustomerSettingsForm(SettingsForm):
    confirmations = ("email_confirmed",)

    email = forms.ChoiceField(
        label="Email address to use for Xero sync",
        choices=[
            ("main", "Main email address"),
            ("accounting", "Accounting email address"),
        ],
        widget=forms.RadioSelect,
        help_text=f"Where the accounting one is blank, the main one goes. {ASK}",
    )
    email_confirmed = forms.BooleanField(label=CHECKED, required=False)

    def sync_values(self) -> dict[str, Any]:
        names = ("email", *self.confirmations)
        return {n: self.cleaned_data[n] for n in names if n in self.cleaned_data}


KINDS_WITH_DIFFERENCES = (Kind.ACCOUNT, Kind.TAX_RATE)
