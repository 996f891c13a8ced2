"""The form page: what was typed is never lost, refusals stand at their field."""

from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from fieldops.common.errors import DomainError, StaleRecord
from fieldops.common.history import HistoryEntry, history_of
from fieldops.common.models import ChangeEntry, Record
from fieldops.common.views import OfficeView

F = TypeVar("F", bound=forms.BaseForm)
R = TypeVar("R", bound=Record)


class RevisionForm(forms.Form):
    """Carries the revision the person is looking at; see ``StaleRecord``."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class OfficeFormView(OfficeView, Generic[F]):
    """``save`` calls one service and says where to go next."""

    template_name: ClassVar[str]

    def form(self, data: QueryDict | None = None) -> F:
        raise NotImplementedError

    def save(self, form: F) -> Any:
        raise NotImplementedError

    def done_message(self, form: F) -> str:
        return "Saved."

    def page_context(self, form: F) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.rendered(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                target = self.save(form)
            except DomainError as refusal:
                self.add_refusal(form, refusal)
            else:
                messages.success(request, self.done_message(form))
                return redirect(target)
        return self.rendered(form, status=422)

    def add_refusal(self, form: F, refusal: DomainError) -> None:
        add_refusal(form, refusal)

    def rendered(self, form: F, status: int = 200) -> HttpResponse:
        context = {"form": form, **self.page_context(form)}
        return render(self.request, self.template_name, context, status=status)


class OfficeEditView(OfficeFormView[F], Generic[F, R]):
    """Changes one record, unless somebody else has done so since the page was opened.

    Then the page says what they changed and keeps what was typed; saving again, now
    with that in sight, goes through.
    """

    changed_since: tuple[HistoryEntry, ...] = ()

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk: int = kwargs["pk"]

    def find(self) -> R:
        """The record as it is now, through the door of those this person may see."""
        raise NotImplementedError

    @cached_property
    def record(self) -> R:
        return self.find()

    def add_refusal(self, form: F, refusal: DomainError) -> None:
        super().add_refusal(form, refusal)
        if isinstance(refusal, StaleRecord):
            record = self.find()
            seen = form.cleaned_data.get("revision") or 0
            newer = ChangeEntry.objects.of(record).filter(revision__gt=seen)
            self.changed_since = tuple(history_of(record, newer))
            data = self.request.POST.copy()
            data["revision"] = str(record.revision)
            form.data = data

    def rendered(self, form: F, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "record": self.record,
            "changed_since": self.changed_since,
            **self.page_context(form),
        }
        return render(self.request, self.template_name, context, status=status)


def add_refusal(form: forms.BaseForm, refusal: DomainError) -> None:
    form.add_error(
        refusal.field if refusal.field in form.fields else None, refusal.message
    )
