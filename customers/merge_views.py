"""Merging contacts on pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from customers.filters import ContactFilter
from customers.merging import (
    CHOICES,
    merge_contacts,
    plan_undoing_contacts,
    undo_contact_merge,
    united,
)
from customers.models import Contact, ContactQuerySet
from customers.permissions import Right
from customers.queries import visible_contacts
from fieldops.common.history import BLANK, labels_of, value_in_words
from fieldops.common.merge_page import OfficeMergeView, OfficeUndoMergeView
from fieldops.common.models import Merge
from fieldops.common.unmerging import Undoing


class ContactMergeView(OfficeMergeView[Contact]):
    permission = Right.MERGE
    noun = "customer, lead or supplier"
    nouns = "customers, leads and suppliers"
    choices = CHOICES
    filterset_class = ContactFilter
    url_name = "customers:contact-merge"
    undo_url_name = "customers:contact-merge-undo"
    archives_in_books = True

    def records(self) -> ContactQuerySet:
        return visible_contacts(self.user)

    def merge(
        self,
        kept: Contact,
        others: Sequence[Contact],
        values: Mapping[str, Any],
        **more: Any,
    ) -> Merge:
        return merge_contacts(kept, others, values, by=self.actor, **more)

    def united(self, records: Sequence[Contact]) -> Sequence[tuple[str, str]]:
        together = Contact(**united(records[0], records[1:]))
        labels = labels_of(Contact)
        said = [
            (labels[name], value_in_words(Contact, name, getattr(together, name)))
            for name in ("people", "notes")
        ]
        filled = [(label, text) for label, text in said if text != BLANK]
        return [("Group", together.group), *filled]


class ContactUndoMergeView(OfficeUndoMergeView[Contact]):
    permission = Right.MERGE
    model = Contact

    def plan(self, merge: Merge) -> Undoing:
        return plan_undoing_contacts(merge)

    def undo(self, merge: Merge) -> Undoing:
        return undo_contact_merge(merge, by=self.actor)
