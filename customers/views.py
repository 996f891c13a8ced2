"""The pages of contacts that need nothing but contacts.

The list of customers and the page of one contact show money and live in invoicing.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from django.db.models import Q
from django.db.models.functions import Lower
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from customers.filters import ContactFilter
from customers.forms import ContactForm
from customers.imported_people import people_headings
from customers.models import Contact, ContactQuerySet
from customers.people import MOST_IN_XERO, tidied
from customers.permissions import Right
from customers.queries import visible_contacts
from customers.services import (
    archive_contact,
    change_contact,
    create_contact,
    restore_contact,
)
from fieldops.common.exports import Column
from fieldops.common.form_page import OfficeEditView, OfficeFormView
from fieldops.common.history_page import OfficeBringBackView
from fieldops.common.list_page import (
    BulkAction,
    OfficeListView,
    SavedView,
    archive_action,
    restore_action,
)
from fieldops.common.merge_page import merge_action
from fieldops.common.views import OfficeView

ACTIVE = Q(is_archived=False)
ARCHIVED = Q(is_archived=True)


def _of_person(contact: Contact, *, place: int, name: str) -> str:
    people = contact.people[place : place + 1]
    value = people[0][name] if people else ""
    return value if isinstance(value, str) else "yes" if value else "no"


COLUMNS = (
    Column("Name", lambda c: c.name),
    Column("Group", lambda c: c.group),
    Column("First name", lambda c: c.first_name),
    Column("Last name", lambda c: c.last_name),
    Column("Email", lambda c: c.email),
    Column("Accounting email", lambda c: c.accounting_email),
    Column("Account number", lambda c: c.account_number),
    Column("Phone", lambda c: c.phone),
    Column("Mobile", lambda c: c.mobile),
    Column("Billing address", lambda c: ", ".join(c.billing_address)),
    Column("Delivery address", lambda c: ", ".join(c.delivery_address)),
    Column("VAT number", lambda c: c.tax_number),
    Column("People", lambda c: "; ".join(map(str, c.contact_people))),
    *(
        Column(heading, partial(_of_person, place=place, name=name))
        for heading, place, name in people_headings()
    ),
    Column("Archived", lambda c: "yes" if c.is_archived else ""),
)


ARCHIVE = archive_action(Right.ARCHIVE, archive_contact)
RESTORE = restore_action(Right.ARCHIVE, restore_contact)
MERGE = merge_action(Right.MERGE, "customers:contact-merge")


class ContactListView(OfficeListView[Contact]):
    """What the lists of the three groups share."""

    permission = Right.VIEW
    filterset_class = ContactFilter
    search_hint = "Name, email, phone or account no."
    columns: ClassVar[Sequence[Column]] = COLUMNS
    default_sort = "name"
    sorts = {
        "name": (Lower("name"),),
        "account": ("account_number",),
        "town": ("billing_city",),
        "added": ("created_at",),
    }

    def saved_views(self) -> Sequence[SavedView]:
        return (
            SavedView("all", "All", ACTIVE),
            SavedView("archived", "Archived", ARCHIVED),
        )

    def bulk_actions(self) -> Sequence[BulkAction]:
        return (RESTORE,) if self.view.key == "archived" else (MERGE, ARCHIVE)


class LeadListView(ContactListView):
    template_name = "customers/lead_list.html"
    list_template = "customers/_lead_list.html"
    noun, nouns = "lead", "leads"
    intro = "People and companies you have not invoiced yet. They never go to Xero."
    default_sort = "-added"

    def records(self) -> ContactQuerySet:
        return visible_contacts(self.user).standing().leads()


class SupplierListView(ContactListView):
    template_name = "customers/supplier_list.html"
    list_template = "customers/_supplier_list.html"
    noun, nouns = "supplier", "suppliers"
    shows_xero = "contact"
    intro = "People and companies you buy from. They sync to Xero."

    def records(self) -> ContactQuerySet:
        return visible_contacts(self.user).standing().suppliers()


def saved(form: ContactForm) -> str:
    count = len(tidied(form.values.get("people", ())))
    said = f"{form.cleaned_data['name']} saved."
    if count > MOST_IN_XERO:
        said += (
            f" Xero takes {MOST_IN_XERO} of the {count} people; the others stay here."
        )
    return said


class ContactCreateView(OfficeFormView[ContactForm]):
    """A new contact is a lead unless we buy from them; its first invoice makes it a
    customer, so "New customer" leads on to that invoice."""

    permission = Right.ADD
    template_name = "customers/contact_form.html"
    group: ClassVar[str] = "lead"

    def form(self, data: QueryDict | None = None) -> ContactForm:
        return ContactForm(data, initial={"is_supplier": self.group == "supplier"})

    def save(self, form: ContactForm) -> str:
        contact = create_contact(form.values, by=self.actor)
        if "and_invoice" in self.request.POST:
            return f"{reverse('invoicing:invoice-create')}?customer={contact.pk}"
        return contact.get_absolute_url()

    def done_message(self, form: ContactForm) -> str:
        return saved(form)

    def page_context(self, form: ContactForm) -> dict[str, Any]:
        return {
            "title": f"New {self.group}",
            "save": f"Save {self.group}",
            "parent": f"{self.group.capitalize()}s",
            "group": self.group,
            "cancel_url": reverse(f"customers:{self.group}-list"),
        }


class ContactEditView(OfficeEditView[ContactForm, Contact]):
    permission = Right.CHANGE
    template_name = "customers/contact_form.html"

    def find(self) -> Contact:
        return get_object_or_404(visible_contacts(self.user), pk=self.pk)

    def form(self, data: QueryDict | None = None) -> ContactForm:
        initial = model_to_dict(self.record) | {"revision": self.record.revision}
        return ContactForm(data, initial=initial)

    def save(self, form: ContactForm) -> Contact:
        return change_contact(
            self.record,
            form.values,
            by=self.actor,
            revision=form.cleaned_data["revision"],
        )

    def done_message(self, form: ContactForm) -> str:
        return saved(form)

    def page_context(self, form: ContactForm) -> dict[str, Any]:
        return {
            "title": f"Edit {self.record.name}",
            "save": "Save",
            "parent": self.record.name,
            "cancel_url": self.record.get_absolute_url(),
        }


class ContactBringBackView(OfficeBringBackView[Contact]):
    permission = Right.CHANGE
    change = staticmethod(change_contact)

    def find(self, pk: int) -> Contact:
        return get_object_or_404(visible_contacts(self.user), pk=pk)


class ContactArchiveView(OfficeView):
    permission = Right.ARCHIVE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = get_object_or_404(visible_contacts(self.user), pk=pk)
        return redirect(archive_contact(contact, by=self.actor))


class ContactRestoreView(OfficeView):
    permission = Right.ARCHIVE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = get_object_or_404(visible_contacts(self.user), pk=pk)
        return redirect(restore_contact(contact, by=self.actor))
