"""People and their devices in Django admin."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminPasswordWidget

from fieldops.common.actor import Actor
from fieldops.common.admin import ReadOnlyAdmin, RecordAdmin, RecordForm, actor_of
from fieldops.users.models import DeviceToken, User
from fieldops.users.services import change_user, create_user, set_password
from fieldops.users.tokens import revoke

# Rights come from the role; groups would promise what they do not keep.
admin.site.unregister(Group)


class UserForm(RecordForm):
    new_password = forms.CharField(
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget({"autocomplete": "new-password"}),
        help_text="Signs this person out of every browser and device.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].required = self.instance.pk is None


@admin.register(User)
class UserAdmin(RecordAdmin):
    form = UserForm
    fields = (
        "username",
        ("first_name", "last_name"),
        "email",
        "role",
        "is_active",
        "new_password",
    )
    list_display = ("username", "first_name", "last_name", "role", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)

    def save_through_service(
        self, form: Any, record: User | None, request: HttpRequest
    ) -> User:
        by, password = actor_of(request), form.cleaned_data["new_password"]
        if record is None:
            return create_user(form.values(), password=password, by=by)
        revision = form.cleaned_data.get("seen_revision")
        user = change_user(record, form.values(), by=by, revision=revision)
        if password:
            user = set_password(user, password, by=by)
            if user == request.user:
                update_session_auth_hash(request, user)
        return user

    def create(self, values: Mapping[str, Any], *, by: Actor) -> User:
        raise TypeError("A person needs a password: see save_through_service.")


@admin.register(DeviceToken)
class DeviceTokenAdmin(ReadOnlyAdmin):
    fields = ("user", "device", "created_at", "last_used_at", "revoked_at")
    list_display = fields
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("user__username", "device")
    actions = ("sign_out",)

    @admin.action(description="Sign out")
    def sign_out(self, request: HttpRequest, sign_ins: QuerySet[DeviceToken]) -> None:
        self.message_user(request, f"{revoke(sign_ins)} signed out.")
