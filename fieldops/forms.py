"""What people type on the settings pages of the shell."""

from typing import Any

from django import forms
from django.http import QueryDict

from fieldops.common.form_bases import TypedModelForm
from fieldops.common.form_page import RevisionForm
from fieldops.common.models import Company
from fieldops.users.models import User


class CompanyForm(RevisionForm, TypedModelForm[Company]):
    class Meta:
        model = Company
        fields = (
            "name",
            "address",
            "email",
            "phone",
            "vat_number",
            "company_number",
            "payment_details",
        )
        widgets = {
            "address": forms.Textarea(attrs={"rows": 4}),
            "payment_details": forms.Textarea(attrs={"rows": 4}),
            "email": forms.TextInput(attrs={"inputmode": "email"}),
        }
        labels = {"payment_details": "How to pay"}
        help_texts = {
            "payment_details": "Bank, sort code, account. Stands at the foot of invoices."
        }


class UserForm(RevisionForm, TypedModelForm[User]):
    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "role", "is_active")
        labels = {"is_active": "May sign in", "username": "User name"}
        help_texts = {
            "username": "",
            "is_active": "Without the tick they are signed out of every device.",
        }
        widgets = {
            "role": forms.RadioSelect,
            # It is somebody else's: the browser must not offer one's own.
            "username": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any],
        user: User | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.opened_for = user

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        others = User.objects.filter(username__iexact=username)
        if self.opened_for:
            others = others.exclude(pk=self.opened_for.pk)
        if others.exists():
            raise forms.ValidationError("Somebody else has this user name.")
        return username

    def validate_unique(self) -> None:
        """``clean_username`` saw to it, without regard to case."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class NewUserForm(UserForm):
    new_password = forms.CharField(
        label="First password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 8 characters. Hand it over in person; they can change it.",
        strip=False,
    )


class PasswordForm(forms.Form):
    new_password = forms.CharField(
        label="New password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 8 characters.",
        strip=False,
    )
