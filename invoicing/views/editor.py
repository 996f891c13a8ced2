"""The invoice editor: new and draft invoices. What was typed is never lost."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from customers.models import Contact
from customers.queries import contacts_like, visible_contacts
from customers.queries import label_of as contact_label
from fieldops.common.errors import DomainError, StaleRecord
from fieldops.common.form_page import add_refusal
from fieldops.common.history import HistoryEntry, history_of
from fieldops.common.merging import surviving
from fieldops.common.models import ChangeEntry
from fieldops.common.money import tax_by_rate
from fieldops.common.numbers import whole_number
from fieldops.common.views import OfficeView
from invoicing.errors import NotADraft
from invoicing.forms.invoice import (
    BLANK_LINES,
    BaseLineFormSet,
    InvoiceForm,
    LineFormSet,
)
from invoicing.models import Invoice
from invoicing.permissions import Right
from invoicing.queries import visible_invoices
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.line_defaults import completed_lines
from invoicing.services.lines import priced_lines
from invoicing.services.write_draft import (
    change_invoice,
    create_invoice,
    default_due_date,
)
from stock.queries import items_like
from stock.queries import label_of as item_label

LISTED = 200


@dataclass
class Editor:
    """The two forms of the page."""

    head: InvoiceForm
    lines: BaseLineFormSet

    def is_valid(self) -> bool:
        # Both are asked, so that all errors show at once.
        return all([self.head.is_valid(), self.lines.is_valid()])

    def refuse(self, refusal: DomainError) -> None:
        """At the line that is to blame, else at the field, else on top."""
        position = getattr(refusal, "position", None)
        if position:
            self.lines.typed[position - 1].add_error(None, refusal.message)
        else:
            add_refusal(self.head, refusal)


class InvoiceEditorView(OfficeView):
    """What writing a new invoice and changing a draft have in common."""

    permission = Right.EDIT
    changed_since: tuple[HistoryEntry, ...] = ()

    @property
    def customer(self) -> Contact | None:
        raise NotImplementedError

    def editor(self, data: QueryDict | None = None) -> Editor:
        raise NotImplementedError

    def write(self, editor: Editor) -> Invoice:
        raise NotImplementedError

    def page_context(self) -> dict[str, Any]:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.rendered(self.editor(), {})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "recalculate" in request.POST:
            return self.recalculated(request)
        editor = self.editor(request.POST)
        if editor.is_valid():
            try:
                invoice = self.save(editor)
            except DomainError as refusal:
                editor.refuse(refusal)
                self.show_newer(editor, refusal)
            else:
                word = "approved" if invoice.is_approved else "saved"
                messages.success(request, f"{invoice} {word}.")
                return redirect(invoice)
        return self.rendered(editor, amounts_of(editor), status=422)

    @transaction.atomic
    def save(self, editor: Editor) -> Invoice:
        """Both or nothing: an invoice that cannot be approved is not saved either."""
        invoice = self.write(editor)
        if "approve" not in self.request.POST:
            return invoice
        self.require(Right.APPROVE)
        return approve_invoice(invoice, by=self.actor)

    def values(self, editor: Editor) -> dict[str, Any]:
        cleaned = editor.head.cleaned_data
        customer, issued_on = cleaned["customer"], cleaned["issued_on"]
        due_on = cleaned["due_on"]
        if not editor.head.due_was_typed:
            due_on = default_due_date(customer, issued_on)
        return {**editor.head.values, "due_on": due_on}

    def recalculated(self, request: HttpRequest) -> HttpResponse:
        """For pages without scripts: the sums so far, and more blank lines."""
        data = request.POST.copy()
        total = int(data.get("lines-TOTAL_FORMS") or 0)
        data["lines-TOTAL_FORMS"] = str(total + BLANK_LINES)
        editor = self.editor(data)
        editor.is_valid()
        return self.rendered(editor, amounts_of(editor))

    def show_newer(self, editor: Editor, refusal: DomainError) -> None:
        """Nothing newer can exist for an invoice that is being made."""

    def rendered(
        self, editor: Editor, amounts: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        context = {
            "form": editor.head,
            "lines": editor.lines,
            "items": item_options(""),
            "customers": customer_options(""),
            "customer": self.customer,
            "changed_since": self.changed_since,
            "can_approve": self.user.has_perm(Right.APPROVE),
            **self.page_context(),
            **amounts,
        }
        return render(
            self.request, "invoicing/invoice_editor.html", context, status=status
        )


class InvoiceCreateView(InvoiceEditorView):
    """``?customer=`` opens it for somebody."""

    @cached_property
    def customer(self) -> Contact | None:
        pk = whole_number(self.request.GET.get("customer", ""))
        if pk is None:
            return None
        return surviving(get_object_or_404(visible_contacts(self.user), pk=pk))

    def editor(self, data: QueryDict | None = None) -> Editor:
        today = timezone.localdate()
        due_on = default_due_date(self.customer or Contact(), today)
        initial = {"issued_on": today, "due_on": due_on, "suggested_due_on": due_on}
        return Editor(
            InvoiceForm(data, customer=self.customer, initial=initial),
            LineFormSet(data),
        )

    def write(self, editor: Editor) -> Invoice:
        return create_invoice(
            editor.head.cleaned_data["customer"],
            self.values(editor),
            editor.lines.values,
            by=self.actor,
        )

    def page_context(self) -> dict[str, Any]:
        back = self.customer.get_absolute_url() if self.customer else None
        return {
            "title": "New invoice",
            "cancel_url": back or reverse("invoicing:invoice-list"),
        }


class InvoiceEditView(InvoiceEditorView):
    """Drafts only: an approved invoice is cancelled or credited, never changed."""

    @cached_property
    def invoice(self) -> Invoice:
        return self.find()

    def find(self) -> Invoice:
        invoices = visible_invoices(self.user).select_related("customer")
        invoice = get_object_or_404(invoices, pk=self.kwargs["pk"])
        if not invoice.is_draft:
            raise NotADraft(invoice.get_status_display())
        return invoice

    @property
    def customer(self) -> Contact:
        return self.invoice.customer

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        editor = self.editor()
        lines = list(self.invoice.lines.all())
        for form, line in zip(editor.lines.forms, lines, strict=False):
            form.amount = line.amount
        rates = tax_by_rate(lines, self.invoice.amounts_are)
        return self.rendered(editor, {"totals": self.invoice, "tax_by_rate": rates})

    def editor(self, data: QueryDict | None = None) -> Editor:
        invoice = self.invoice
        names = ("issued_on", "due_on", "number", "reference", "amounts_are", "notes")
        initial = {name: getattr(invoice, name) for name in names} | {
            "suggested_due_on": default_due_date(invoice.customer, invoice.issued_on),
            "revision": invoice.revision,
        }
        lines = invoice.lines.select_related("item")
        return Editor(
            InvoiceForm(data, customer=invoice.customer, initial=initial),
            LineFormSet(data, lines=lines),
        )

    def write(self, editor: Editor) -> Invoice:
        customer = editor.head.cleaned_data["customer"]
        return change_invoice(
            self.invoice,
            {**self.values(editor), "customer": customer},
            editor.lines.values,
            by=self.actor,
            revision=editor.head.cleaned_data["revision"],
        )

    def show_newer(self, editor: Editor, refusal: DomainError) -> None:
        if not isinstance(refusal, StaleRecord):
            return
        invoice = self.find()
        seen = editor.head.cleaned_data.get("revision") or 0
        newer = ChangeEntry.objects.of(invoice).filter(revision__gt=seen)
        self.changed_since = tuple(history_of(invoice, newer))
        data = self.request.POST.copy()
        data["revision"] = str(invoice.revision)
        editor.head.data = data

    def page_context(self) -> dict[str, Any]:
        return {
            "title": f"Edit {self.invoice}",
            "invoice": self.invoice,
            "cancel_url": self.invoice.get_absolute_url(),
        }

    def refused_url(self) -> str:
        return Invoice(pk=self.kwargs["pk"]).get_absolute_url()


def item_options(text: str) -> list[tuple[str, str]]:
    """What the item box offers: code and name."""
    return [(item_label(item), item.name) for item in items_like(text)[:LISTED]]


def customer_options(text: str) -> list[str]:
    return [contact_label(contact) for contact in contacts_like(text)[:LISTED]]


def amounts_of(editor: Editor) -> dict[str, Any]:
    """The sums of the lines that can be read; each of those learns its own amount."""
    usable = [form for form in editor.lines.typed if form.is_valid()]
    amounts_are = editor.head.data.get("amounts_are", "")
    try:
        values = completed_lines([form.named for form in usable])
        lines, totals = priced_lines(values, amounts_are)
    except DomainError as refusal:
        return {"problem": refusal.message}
    for form, line in zip(usable, lines, strict=True):
        form.amount = line.amount
    return {"totals": totals, "tax_by_rate": tax_by_rate(lines, amounts_are)}
