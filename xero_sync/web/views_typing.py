"""Forms that look around: who may be the same, and what Xero would refuse, while a record
is typed; a new one that may be there already is saved with a second press."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from customers.forms import ContactForm, PeopleFormSet
from customers.merging import united_people
from customers.permissions import Right as ContactRight
from customers.views import ContactCreateView, ContactEditView
from fieldops.common.numbers import whole_number
from fieldops.common.views import OfficeView
from invoicing.views.items import ItemCreateView, ItemEditView
from stock.permissions import Right as StockRight
from xero_sync.outcomes.kinds import Kind
from xero_sync.permissions import Right
from xero_sync.report.while_typing import remarks_on


class TypedView(OfficeView):
    """Asked for whenever a field is left; writes nothing."""

    kind: ClassVar[Kind]
    right_to_change: ClassVar[str]

    def get(self, request: HttpRequest) -> HttpResponse:
        pk = whole_number(request.GET.get("record", ""))
        remarks = remarks_on(
            self.kind,
            lambda name: request.GET.get(name, ""),
            pk=pk,
            sees_xero=request.user.has_perm(Right.VIEW),
            with_twins=pk is None,
        )
        context = {
            "remarks": remarks,
            "may_take_over": request.user.has_perm(self.right_to_change),
        }
        return render(request, "xero_sync/_typed.html", context)


class TypedContactView(TypedView):
    permission = ContactRight.VIEW
    right_to_change = ContactRight.CHANGE
    kind = Kind.CONTACT


class TypedItemView(TypedView):
    permission = StockRight.VIEW
    right_to_change = StockRight.CHANGE
    kind = Kind.ITEM


def unseen(kind: Kind, request: HttpRequest) -> bool:
    """Whether somebody it may be was not on the page when it was sent."""
    seen = request.POST.get("twins_seen", "").split(",")
    remarks = remarks_on(
        kind,
        lambda name: request.POST.get(name, ""),
        sees_xero=request.user.has_perm(Right.VIEW),
    )
    return not {twin.key for twin in remarks.twins} <= set(seen)


class NewContactView(ContactCreateView):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid() and unseen(Kind.CONTACT, request):
            return self.rendered(form, status=422)
        return super().post(request, **kwargs)


NO_ROWS: Mapping[str, Any] = {}
# What a form says of a field that nobody has touched.
_SAID = ("", "on")


class _TakeOver:
    """The record that is there already, with what was typed where it says nothing. It is
    saved as any other change, by whoever has looked it over."""

    taken: Sequence[str] = ()
    left: Sequence[str] = ()
    # What is filled in beside the fields: by its name in the form's initial values.
    rows: Mapping[str, Any] = NO_ROWS

    def get(self: Any, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.edit_url)

    def post(self: Any, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form()
        typed = [
            name
            for name in form.fields
            if request.POST.get(name, "").strip() not in _SAID
        ]
        self.taken = [name for name in typed if not form.initial.get(name)]
        self.left = [
            name
            for name in typed
            if form.initial.get(name)
            and str(form.initial[name]).strip() != request.POST[name].strip()
        ]
        self.rows = self.added_rows(form)
        if not self.taken and not self.left and not self.rows:
            messages.success(request, f"{self.record} says all of that already.")
            return redirect(self.record)
        form.initial |= {name: request.POST[name] for name in self.taken}
        form.initial |= self.rows
        response: HttpResponse = self.rendered(form)
        return response

    def added_rows(self: Any, form: Any) -> Mapping[str, Any]:
        return NO_ROWS

    def page_context(self: Any, form: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().page_context(form)  # type: ignore[misc]
        typed = self.request.POST
        taken = [str(form.fields[name].label) for name in self.taken]
        left = [
            f"{form.fields[name].label} ({typed[name].strip()})" for name in self.left
        ]
        return context | {
            "action": self.edit_url,
            "taken": ", ".join([*taken, *(name.capitalize() for name in self.rows)]),
            "left": "; ".join(left),
            "took_over": bool(self.taken or self.left or self.rows),
        }


class TakeOverContactView(_TakeOver, ContactEditView):
    @property
    def edit_url(self) -> str:
        return reverse("customers:contact-edit", args=[self.record.pk])

    def added_rows(self, form: ContactForm) -> Mapping[str, Any]:
        """The people who were typed, beside those who are there."""
        people = PeopleFormSet(self.request.POST, prefix="people")
        if not people.management_form.is_valid():
            return NO_ROWS
        people.is_valid()
        typed = united_people(row.cleaned_data for row in people.forms)
        there = united_people(self.record.people)
        new = [one for one in typed if len(united_people([*there, one])) > len(there)]
        return {"people": [*there, *new]} if new else NO_ROWS


class TakeOverItemView(_TakeOver, ItemEditView):
    @property
    def edit_url(self) -> str:
        return reverse("stock:item-edit", args=[self.record.pk])


class NewItemView(ItemCreateView):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid() and unseen(Kind.ITEM, request):
            return self.rendered(form, status=422)
        return super().post(request, **kwargs)
