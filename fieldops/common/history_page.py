"""The button beside a field in a record's history that brings its old value back."""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from fieldops.common.bringing_back import bring_back
from fieldops.common.history import labels_of
from fieldops.common.models import ChangeEntry, Record
from fieldops.common.numbers import whole_number
from fieldops.common.views import OfficeView

R = TypeVar("R", bound=Record)


class OfficeBringBackView(OfficeView, Generic[R]):
    """``change`` is the record's own service."""

    change: Callable[..., R]

    def find(self, pk: int) -> R:
        """The record, through the door of those this person may see."""
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.find(pk)
        number = whole_number(request.POST.get("entry", ""))
        entries = ChangeEntry.objects.of(record)
        entry = get_object_or_404(entries, pk=number)
        name = request.POST.get("field", "")
        bring_back(record, entry, name, self.change, by=self.actor)
        messages.success(request, f"{labels_of(type(record))[name]} brought back.")
        return redirect(self.refused_url())
