"""The shape of what people type about a contact.

What Xero would refuse (an email that is none, a number used twice) is not refused
here: the readiness checks say so on the contact's page.
"""

from functools import cached_property
from typing import Any, cast

from django import forms

from customers.models import ADDRESS_PARTS, Contact, PaymentTerms
from fieldops.common.form_bases import TypedFormSet, TypedModelForm
from fieldops.common.form_page import RevisionForm

BLANK_PEOPLE = 2
ADDRESS_TOKENS = {
    "attention": "name",
    "line1": "address-line1",
    "line2": "address-line2",
    "line3": "address-line3",
    "city": "address-level2",
    "region": "address-level1",
    "postcode": "postal-code",
    "country": "country-name",
}


class PersonForm(forms.Form):
    """One of the people at a contact; a blank one is nobody."""

    first_name = forms.CharField(label="First name", max_length=255, required=False)
    last_name = forms.CharField(label="Last name", max_length=255, required=False)
    email = forms.CharField(
        label="Email",
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email"}),
    )
    gets_copies = forms.BooleanField(label="Copies of emails", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("gets_copies") and not cleaned.get("email"):
            self.add_error("email", "Enter the email address for the copies.")
        return cleaned


class BasePeopleFormSet(TypedFormSet[PersonForm]):
    @property
    def values(self) -> list[dict[str, Any]]:
        """What the service takes; it leaves out who is blank."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data]


PeopleFormSet = cast(
    type[BasePeopleFormSet],
    forms.formset_factory(PersonForm, formset=BasePeopleFormSet, extra=BLANK_PEOPLE),
)


class ContactForm(RevisionForm, TypedModelForm[Contact]):
    class Meta:
        model = Contact
        fields = (
            "name",
            "first_name",
            "last_name",
            "account_number",
            "email",
            "accounting_email",
            "phone",
            "mobile",
            "direct_dial",
            "fax",
            "website",
            "tax_number",
            "payment_days",
            "payment_terms",
            "is_supplier",
            *(f"billing_{part}" for part in ADDRESS_PARTS),
            *(f"delivery_{part}" for part in ADDRESS_PARTS),
            "notes",
        )
        labels = {
            "is_supplier": "We buy from them (supplier)",
            "payment_terms": "Counted as",
            "payment_days": "Payment terms, days",
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "email": forms.TextInput(
                attrs={"inputmode": "email", "autocomplete": "email"}
            ),
            "accounting_email": forms.TextInput(
                attrs={"inputmode": "email", "autocomplete": "off"}
            ),
            "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
            "mobile": forms.TextInput(attrs={"inputmode": "tel"}),
            "website": forms.TextInput(
                attrs={"inputmode": "url", "autocomplete": "url"}
            ),
            "notes": forms.Textarea(attrs={"rows": 4}),
        }
        error_messages = {"name": {"required": "Enter a name."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = self.fields["payment_terms"]
        assert isinstance(terms, forms.ChoiceField)  # noqa: S101  (the model has choices)
        terms.choices = [("", "The company's usual"), *PaymentTerms.choices]
        for slot in ("billing", "delivery"):
            for part, token in ADDRESS_TOKENS.items():
                widget = self.fields[f"{slot}_{part}"].widget
                shipping = "billing" if slot == "billing" else "shipping"
                widget.attrs["autocomplete"] = f"{shipping} {token}"

    @cached_property
    def people(self) -> BasePeopleFormSet:
        """The people at the contact, in rows of their own."""
        if self.states_people:
            # Without what was there: each row counts for what it says.
            return PeopleFormSet(self.data, prefix="people")
        return PeopleFormSet(initial=self.initial.get("people"), prefix="people")

    @property
    def states_people(self) -> bool:
        """A form sent without the rows says nothing about people."""
        return self.is_bound and "people-TOTAL_FORMS" in self.data

    def is_valid(self) -> bool:
        people_are = self.people.is_valid() if self.states_people else True
        return super().is_valid() and people_are

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        has_days = cleaned.get("payment_days") is not None
        if cleaned.get("payment_terms") and not has_days:
            self.add_error("payment_days", "Enter the number of days.")
        if has_days and not cleaned.get("payment_terms"):
            self.add_error("payment_terms", "Choose what the days are counted from.")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        values = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        return values | ({"people": self.people.values} if self.states_people else {})
