"""The forms of the style guide: each kind of field, and the filter of its list."""

from __future__ import annotations

from django import forms

XERO_STATES = [
    ("synced", "In Xero"),
    ("waiting", "Waiting"),
    ("failed", "Failed"),
    ("new", "Not invoiced yet"),
]
TOWNS = ["Armagh", "Belfast", "Derry", "Drogheda", "Lisburn", "Newry", "Omagh"]


class SampleForm(forms.Form):
    name = forms.CharField(help_text="As it stands on your invoices.")
    email = forms.EmailField(label="Email address", required=False)
    balance = forms.DecimalField(max_digits=12, decimal_places=2, required=False)
    due_on = forms.DateField(
        label="Due on", required=False, widget=forms.DateInput(), initial=None
    )
    account = forms.ChoiceField(
        choices=[("", "Choose an account"), ("200", "200 Sales"), ("260", "260 Other")]
    )
    address_to_use = forms.ChoiceField(
        label="Address to use in Xero",
        help_text="Not sure? Ask your bookkeeper.",
        choices=[("billing", "Billing address"), ("delivery", "Delivery address")],
        widget=forms.RadioSelect,
    )
    steps = forms.MultipleChoiceField(
        label="What to send",
        required=False,
        choices=[("c", "Customers"), ("s", "Suppliers"), ("i", "Invoices")],
        widget=forms.CheckboxSelectMultiple,
    )
    is_on_hold = forms.BooleanField(
        label="On hold", required=False, help_text="No new jobs for this customer."
    )
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)


class EmailRowForm(forms.Form):
    email = forms.EmailField(label="Email address")


class LineForm(forms.Form):
    item = forms.ChoiceField(
        choices=[("", ""), ("VAL22", "VAL22 Boiler valve")], required=False
    )
    description = forms.CharField(required=False)
    quantity = forms.DecimalField(decimal_places=4, required=False)
    unit_price = forms.DecimalField(decimal_places=4, required=False)


class ListFilter(forms.Form):
    q = forms.CharField(required=False)
    xero = forms.MultipleChoiceField(
        label="Xero state",
        choices=XERO_STATES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    town = forms.ChoiceField(
        label="Town",
        choices=[("", "Any town"), *((town, town) for town in TOWNS)],
        required=False,
    )
