"""Users and roles: who may sign in, and as what."""

from typing import Any

from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from fieldops.common.form_page import OfficeEditView, OfficeFormView
from fieldops.common.history import history_of
from fieldops.common.views import OfficeView
from fieldops.forms import NewUserForm, PasswordForm, UserForm
from fieldops.users.models import User
from fieldops.users.services import change_user, create_user, set_password

MANAGE_USERS = "users.manage_users"


class UserListView(OfficeView):
    permission = MANAGE_USERS

    def get(self, request: HttpRequest) -> HttpResponse:
        people = User.objects.order_by("-is_active", "username")
        return render(request, "fieldops/user_list.html", {"people": people})


class UserCreateView(OfficeFormView[NewUserForm]):
    permission = MANAGE_USERS
    template_name = "fieldops/user_form.html"

    def form(self, data: QueryDict | None = None) -> NewUserForm:
        return NewUserForm(data, initial={"is_active": True})

    def save(self, form: NewUserForm) -> str:
        password = form.cleaned_data["new_password"]
        create_user(form.values, password=password, by=self.actor)
        return reverse("fieldops:user-list")

    def page_context(self, form: NewUserForm) -> dict[str, Any]:
        return {"title": "New user"}


class UserEditView(OfficeEditView[UserForm, User]):
    permission = MANAGE_USERS
    template_name = "fieldops/user_form.html"

    def find(self) -> User:
        return get_object_or_404(User, pk=self.pk)

    def form(self, data: QueryDict | None = None) -> UserForm:
        initial = model_to_dict(self.record) | {"revision": self.record.revision}
        return UserForm(data, initial=initial, user=self.record)

    def save(self, form: UserForm) -> str:
        revision = form.cleaned_data["revision"]
        change_user(self.record, form.values, by=self.actor, revision=revision)
        return reverse("fieldops:user-list")

    def page_context(self, form: UserForm) -> dict[str, Any]:
        return {"title": f"Edit {self.record}", "history": history_of(self.record)}


class UserPasswordView(OfficeFormView[PasswordForm]):
    permission = MANAGE_USERS
    template_name = "fieldops/user_password.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk: int = kwargs["pk"]

    def form(self, data: QueryDict | None = None) -> PasswordForm:
        return PasswordForm(data)

    def save(self, form: PasswordForm) -> str:
        person = get_object_or_404(User, pk=self.pk)
        set_password(person, form.cleaned_data["new_password"], by=self.actor)
        return reverse("fieldops:user-list")

    def done_message(self, form: PasswordForm) -> str:
        return "Password set. They are signed out wherever they were signed in."

    def page_context(self, form: PasswordForm) -> dict[str, Any]:
        return {"person": get_object_or_404(User, pk=self.pk)}
