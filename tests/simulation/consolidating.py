"""How people make one of two, and take it back: pairs, merges, names, whole runs."""

from collections.abc import Sequence
from typing import Any

from customers.merging import merge_contacts, undo_contact_merge
from customers.models import Contact
from customers.services import create_contact
from fieldops.common.merging import MOST_AT_ONCE
from fieldops.common.models import Merge
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.write_draft import create_invoice
from stock.merging import merge_items, undo_item_merge
from stock.models import StockItem
from tests.builders import line
from tests.simulation.hands import CONTACT_FIELDS, DAY, ITEM_FIELDS, Hands, price_text
from tests.simulation.world import PERSON
from xero_sync.consolidation.candidates import candidate_ids
from xero_sync.consolidation.decisions import decide
from xero_sync.models import ContactLink, PairDecision, SyncIssue, SyncRun
from xero_sync.report.naming import approve_name, proposed_names
from xero_sync.runs.undoing import may_be_undone, undo_run


class Consolidating(Hands):
    """A part of ``People``."""

    # --- pairs ---

    def decide_pair(self) -> str:
        """Somebody answers whether the two are one."""
        return self._decide("possible_twin")

    def decide_invoice(self) -> str:
        return self._decide("possible_invoice")

    def _decide(self, code: str) -> str:
        issue = self._one(SyncIssue.objects.open().filter(code=code).order_by("pk"))
        candidates = candidate_ids(issue) if issue else []
        if issue is None or not candidates:
            return ""
        answer = self.chance.choice(PairDecision.Answer.values)
        xero_id = "" if answer == "new" else self.chance.choice(candidates)
        decide(issue, answer, xero_id, by=PERSON)
        return f"{issue.title}: {answer}"

    def key_invoice_by_hand(self) -> str:
        """One of ours is typed into Xero as well, with our number or another."""
        return self._key_in(is_alike=self.chance.random() < 0.5)

    def key_in_another_number(self) -> str:
        """So that nobody can be sure."""
        return self._key_in(is_alike=False)

    def _key_in(self, *, is_alike: bool) -> str:
        link = self._one(
            ContactLink.objects.filter(
                connection__is_current=True, record__is_archived=False
            ).order_by("pk")
        )
        if link is None:
            return ""
        number = self._number()
        reference = self.chance.choice(("", f"Order {number}"))
        values = {"issued_on": DAY, "reference": reference}
        draft = create_invoice(link.record, values, [line(f"{number}.00")], by=PERSON)
        invoice = approve_invoice(draft, by=PERSON, moves_stock=False)
        keyed = {
            "Type": "ACCREC",
            "Contact": {"ContactID": link.xero_id},
            "Date": DAY.isoformat(),
            "DueDate": DAY.isoformat(),
            "InvoiceNumber": invoice.number if is_alike else f"HAND-{number}",
            "Reference": self.chance.choice((reference, "")) if is_alike else "",
            "Status": self.chance.choice(("DRAFT", "AUTHORISED")),
            "LineItems": [
                {
                    "Description": "By hand",
                    "Quantity": "1",
                    "UnitAmount": f"{number}.00",
                    "AccountCode": "200",
                    "TaxType": "OUTPUT2",
                }
            ],
        }
        said = self._in_xero("books", Invoices=[keyed])
        return f"invoice {invoice.pk} {invoice.number} by hand: {said}"

    # --- names ---

    def new_namesake(self) -> str:
        """Two people of one name; nothing else of them is alike."""
        other = self._one(
            Contact.objects.filter(is_archived=False, xero_links__isnull=False)
        )
        if other is None:
            return ""
        number = self._number()
        values = {
            "name": other.name,
            "email": f"namesake{number}@namesake.example",
            "account_number": f"NS{number}",
            "is_customer": True,
        }
        contact = create_contact(values, by=PERSON)
        return f"new contact {contact.pk}, of the name of {other.pk}: {other.name}"

    def approve_name(self) -> str:
        issues = SyncIssue.objects.open().filter(code="name_taken_in_xero")
        issue = self._one(issues.exclude(contact=None).order_by("pk"))
        if issue is None:
            return ""
        proposed = proposed_names([issue], issue.connection).get(issue.pk, "")
        typed = f"{issue.contact.name[:200]} no. {self._number()}"
        name = self.chance.choice((proposed or typed, typed))
        approve_name(issue, name, by=PERSON)
        return f"contact {issue.contact_id} is called {name} in Xero"

    # --- two of ours ---

    def merge_contacts(self) -> str:
        kept, others = self._some(Contact)
        if not others:
            return ""
        values = _chosen(others[0], self.chance.choice(((), ("email",), ("name",))))
        merge = merge_contacts(
            kept,
            others,
            values,
            by=PERSON,
            archives_in_books=self.chance.random() < 0.4,
        )
        self._now_says("contact", merge.kept_id)
        return f"contacts {[one.pk for one in others]} merged into {kept.pk} {values}"

    def merge_items(self) -> str:
        kept, others = self._some(StockItem)
        if not others:
            return ""
        values = _chosen(others[0], self.chance.choice(((), ("name",), ("code",))))
        merge = merge_items(kept, others, values, by=PERSON)
        self._now_says("item", merge.kept_id)
        return f"items {[one.pk for one in others]} merged into {kept.pk} {values}"

    def undo_contact_merge(self) -> str:
        return self._undo("contact", Contact, undo_contact_merge)

    def undo_item_merge(self) -> str:
        return self._undo("item", StockItem, undo_item_merge)

    def _undo(self, kind: str, model: Any, undo: Any) -> str:
        merges = Merge.objects.standing().filter(record_type=model._meta.label_lower)
        merge = self._one(merges.order_by("pk"))
        if merge is None:
            return ""
        undo(merge, by=PERSON)
        backup = self.world.orphans_from
        came_back = backup is not None and merge.at <= backup[0]
        for pk in (merge.kept_id, *merge.merged.values_list("record_id", flat=True)):
            self._now_says(kind, pk, came_back=came_back)
        return f"{kind}: the merge into {merge.kept_id} is undone"

    def _some(self, model: Any) -> tuple[Any, list[Any]]:
        """The one that is kept, and one or two more."""
        standing = list(model.objects.filter(merged_into=None).order_by("pk"))
        self.chance.shuffle(standing)
        kept = next((one for one in standing if not one.is_archived), None)
        count = self.chance.choice((1, 1, MOST_AT_ONCE - 1))
        return kept, [one for one in standing if one is not kept][:count]

    def _now_says(self, kind: str, pk: int, *, came_back: bool = False) -> None:
        """What a merge or its undo left in a record is as good as typed; a blank is not:
        it wipes nothing in Xero. Nor is that of a merge that came back with a backup:
        what it has brought to Xero since comes from there again."""
        model: Any = Contact if kind == "contact" else StockItem
        record = model.objects.get(pk=pk)
        if not record.xero_links.exists():
            self.edits.unlinked.add((kind, str(pk)))
        for name in CONTACT_FIELDS if kind == "contact" else ITEM_FIELDS:
            value = getattr(record, name)
            said = price_text(value) if name == "sell_price" else str(value)
            if said and not came_back:
                self.edits.note("ours", kind, pk, name, said)
            else:
                self.edits.forgotten.add((kind, str(pk), name))

    # --- a whole run ---

    def undo_run(self) -> str:
        runs = SyncRun.objects.filter(connection__is_current=True).order_by("-pk")[:3]
        possible = [run for run in runs if may_be_undone(run)]
        if not possible:
            return ""
        undone = self.chance.choice(possible)
        run = undo_run(undone, by=PERSON)
        self.world.wake()
        return f"run {undone.pk} is to be undone: run {run.pk}"


def _chosen(other: Any, columns: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(other, name) for name in columns if getattr(other, name)}
