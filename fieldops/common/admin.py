"""The two bases of Django admin: pages that only show, and pages that write.

Whatever is written goes through a service; nothing is deleted. Administrators only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from fieldops.common.actor import Actor
from fieldops.common.errors import DomainError
from fieldops.common.models import ChangeEntry, Company
from fieldops.common.services import change_company

if TYPE_CHECKING:  # unfold carries no type hints; its classes are Django's, dressed
    from django.contrib.admin import ModelAdmin as _ModelAdmin
    from django.contrib.admin import TabularInline as _TabularInline

    ModelAdmin = _ModelAdmin[Any]
    TabularInline = _TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
else:
    from django.forms import ModelForm
    from unfold.admin import ModelAdmin, TabularInline


def actor_of(request: HttpRequest) -> Actor:
    return Actor(request.user, "in the admin")  # type: ignore[arg-type]


class ForAdministrators:
    """Rights by role alone: what a user may do here is not kept per model."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_administrator(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _is_administrator(request: HttpRequest) -> bool:
    return request.user.is_active and getattr(request.user, "is_administrator", False)


class AdministratorAdmin(ForAdministrators, ModelAdmin):
    """What both bases share. Actions call a service, see ``apply_each``."""

    list_fullwidth = True
    show_full_result_count = False

    def apply_each(
        self,
        request: HttpRequest,
        records: Iterable[Any],
        service: Callable[..., object],
        done: str,
    ) -> None:
        """Call the service on each record; refusals are shown, the others go ahead."""
        count = 0
        for record in records:
            try:
                service(record, by=actor_of(request))
            except DomainError as refusal:
                self.message_user(
                    request, f"{record}: {refusal.message}", messages.ERROR
                )
            else:
                count += 1
        if count:
            self.message_user(request, f"{count} {done}.", messages.SUCCESS)


class ReadOnlyAdmin(AdministratorAdmin):
    """Shows rows: every column, unless ``fields`` says which."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        columns = self.model._meta.concrete_fields
        return self.fields or [c.name for c in columns if not c.primary_key]


class ReadOnlyInline(ForAdministrators, TabularInline):
    """Rows of another table, shown with the record they belong to."""

    extra = 0
    can_delete = False


class RecordForm(ModelForm):
    """Carries the revision that was on the screen: saving over a newer one is refused."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_revision"].initial = getattr(self.instance, "revision", None)

    def values(self) -> dict[str, Any]:
        """What a new record is made of, or what the person changed of an old one."""
        of_model = {field.name for field in self.instance._meta.concrete_fields}
        typed = self.cleaned_data if self.instance.pk is None else self.changed_data
        return {name: self.cleaned_data[name] for name in typed if name in of_model}


class RecordAdmin(AdministratorAdmin):
    """Adds and changes records through the services that ``create`` and ``change`` name.

    A refusal of the service is shown on the form, with what was typed still in it.
    """

    form = RecordForm
    warn_unsaved_form = True

    def create(self, values: Mapping[str, Any], *, by: Actor) -> Any:
        raise NotImplementedError

    def change(
        self, record: Any, values: Mapping[str, Any], *, by: Actor, revision: int | None
    ) -> Any:
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        adds = type(self).create is not RecordAdmin.create
        return adds and _is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_administrator(request)

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        saved = self.save_through_service(form, obj if change else None, request)
        obj.__dict__.update(saved.__dict__)

    def save_through_service(
        self, form: Any, record: Any | None, request: HttpRequest
    ) -> Any:
        by = actor_of(request)
        if record is None:
            return self.create(form.values(), by=by)
        revision = form.cleaned_data.get("seen_revision")
        return self.change(record, form.values(), by=by, revision=revision)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            # A second round, in which the form carries the refusal: nothing is saved.
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """As the page lays them out, with the revision, which nobody sees."""
        fieldsets = list(super().get_fieldsets(request, obj))
        shown = flatten_fieldsets(fieldsets)
        if "seen_revision" in shown or not self.has_change_permission(request, obj):
            return fieldsets
        title, options = fieldsets[0]
        first = {**options, "fields": (*options["fields"], "seen_revision")}
        return [(title, first), *fieldsets[1:]]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal: DomainError | None = getattr(request, "refusal", None)
        return _refused(form, refusal) if refusal else form

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the change log has it already."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the change log has it already."""

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        history = reverse(f"{self.admin_site.name}:common_changeentry_changelist")
        label = self.model._meta.label_lower
        return redirect(f"{history}?record_type={label}&record_id={object_id}")


def _refused(form: type[ModelForm], refusal: DomainError) -> type[ModelForm]:
    class Refused(form):  # type: ignore[valid-type,misc]
        def clean(self) -> Any:
            cleaned = super().clean()
            name = refusal.field if refusal.field in self.fields else None
            self.add_error(name, refusal.message)
            return cleaned

    return Refused


@admin.register(ChangeEntry)
class ChangeEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "who", "record_type", "record_id", "action", "cause")
    list_filter = ("action", "record_type")
    search_fields = ("=record_uid", "cause")
    date_hierarchy = "at"
    list_select_related = ("user",)

    @admin.display(description="who")
    def who(self, entry: ChangeEntry) -> str:
        return str(entry.user or "Fieldops")


class OneRowAdmin(RecordAdmin):
    """For settings of which there is one row: its list is that row's page."""

    def current(self) -> Any:
        raise NotImplementedError

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        options = self.model._meta
        name = f"{options.app_label}_{options.model_name}_change"
        return redirect(f"{self.admin_site.name}:{name}", self.current().pk)


@admin.register(Company)
class CompanyAdmin(OneRowAdmin):
    def current(self) -> Company:
        return Company.current()

    def change(
        self, record: Any, values: Mapping[str, Any], *, by: Actor, revision: int | None
    ) -> Company:
        return change_company(values, by=by, revision=revision)
