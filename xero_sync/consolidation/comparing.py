"""A pair side by side, field by field: what differs, what is chosen, who stands by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from customers.models import Contact, PaymentTerms
from stock.models import StockItem
from xero_sync.consolidation.candidates import Draft, both_drafts, shown_value
from xero_sync.consolidation.units import OURS, THEIRS, Unit, units_of
from xero_sync.models import FoundPair, MirrorRecord, PairDecision, SyncSettings
from xero_sync.outcomes.authority import Way, Winner
from xero_sync.outcomes.kinds import Kind
from xero_sync.outcomes.people import people_in_words
from xero_sync.planner.merge import may_choose
from xero_sync.store.links import LINK_MODELS


@dataclass(frozen=True, slots=True)
class Row:
    """``chosen``: the side whose value stays. Where nobody can choose, ``note`` says
    what happens instead."""

    name: str
    label: str
    ours: str
    theirs: str
    is_same: bool
    chosen: str
    note: str = ""

    @property
    def keeps_ours(self) -> bool:
        return self.chosen == OURS


@dataclass(frozen=True, slots=True)
class Side:
    """Where a record comes from and how it stands there."""

    what: str
    is_archived: bool
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``other_here``: the record of ours that Xero's belongs to already;
    ``other_there``: the one of Xero's that ours belongs to."""

    ours: Side
    theirs: Side
    rows: Sequence[Row]
    other_here: Contact | StockItem | None = None
    other_there: str = ""

    @property
    def differing(self) -> list[Row]:
        return [row for row in self.rows if not row.is_same]

    @property
    def equal(self) -> list[Row]:
        return [row for row in self.rows if row.is_same]

    @property
    def is_free(self) -> bool:
        """Whether the two can be linked to each other."""
        return self.other_here is None and not self.other_there


def compare(pair: FoundPair, settings: SyncSettings) -> Comparison | None:
    """None where Xero has the record no more, or in a shape nobody can read."""
    mirror = MirrorRecord.objects.filter(
        connection=pair.connection_id,
        kind=pair.kind,
        xero_id=pair.xero_id,
        is_gone=False,
    ).first()
    drafts = both_drafts(pair.record, mirror.payload, settings) if mirror else None
    if mirror is None or drafts is None:
        return None
    ours, theirs = drafts
    said = pair.decision.fields if pair.decision else {}
    keeps_ours = settings.start_with == SyncSettings.StartWith.OURS
    rows = [
        _row(unit, ours, theirs, said, OURS if keeps_ours else THEIRS)
        for unit in units_of(Kind(pair.kind))
    ]
    other_here, other_there = _others(pair)
    return Comparison(
        ours=_our_side(pair.record),
        theirs=_their_side(mirror),
        rows=[row for row in rows if row.ours or row.theirs],
        other_here=other_here,
        other_there=other_there,
    )


def _row(
    unit: Unit, ours: Draft, theirs: Draft, said: Mapping[str, str], default: str
) -> Row:
    here, there = _in_words(unit, ours), _in_words(unit, theirs)
    differing = [
        rule
        for rule in unit.rules
        if getattr(ours, rule.field) != getattr(theirs, rule.field)
    ]
    can_choose = any(
        may_choose(rule, getattr(ours, rule.field), getattr(theirs, rule.field))
        for rule in differing
    )
    filled = {(True, False): OURS, (False, True): THEIRS}
    chosen = said.get(unit.rules[0].field) or filled.get((bool(here), bool(there)))
    return Row(
        unit.name,
        unit.label,
        here,
        there,
        is_same=not differing or here == there,
        chosen=chosen or default,
        note="" if can_choose else _note(unit, here),
    )


def _note(unit: Unit, here: str) -> str:
    rule = unit.rules[0]
    if rule.winner is Winner.XERO_EACH:
        return "Both lists are put together."
    if rule.way is Way.TO_US:
        return "Comes from Xero." if not here else "Xero's stays."
    return "Goes to Xero." if here else "Comes from Xero."


def _in_words(unit: Unit, draft: Draft) -> str:
    values = {rule.field: getattr(draft, rule.field) for rule in unit.rules}
    if unit.name == "payment":
        return _payment(values)
    if unit.name == "people":
        return people_in_words(str(values["people"] or ""))
    parts = [shown_value(name, value) for name, value in values.items()]
    return (" " if unit.name == "person" else ", ").join(filter(None, parts))


def _payment(values: Mapping[str, Any]) -> str:
    days, terms = values["payment_days"], values["payment_terms"]
    if not terms:
        return ""
    return f"{days or 0} {dict(PaymentTerms.choices).get(terms, terms)}"


def _our_side(record: Contact | StockItem) -> Side:
    what = "Stock item"
    if isinstance(record, Contact):
        what = _called(record.is_customer, record.is_supplier) or "Lead"
        count = record.invoices.count()
        if count:
            what += f", {count} invoice{'' if count == 1 else 's'}"
    return Side(what, record.is_archived, record.updated_at)


def _their_side(mirror: MirrorRecord) -> Side:
    payload = mirror.payload
    what = "Stock item"
    if mirror.kind == Kind.CONTACT:
        flags = bool(payload.get("IsCustomer")), bool(payload.get("IsSupplier"))
        what = _called(*flags) or "Contact without invoices"
    archived = payload.get("ContactStatus") == "ARCHIVED"
    return Side(what, archived, mirror.updated_at)


def _called(is_customer: bool, is_supplier: bool) -> str:
    names = [("Customer", is_customer), ("Supplier", is_supplier)]
    return " and ".join(name for name, applies in names if applies).capitalize()


def _others(pair: FoundPair) -> tuple[Contact | StockItem | None, str]:
    """To whom the two belong already: by their links, or by what people decided."""
    here, there = _linked(pair)
    said = PairDecision.objects.filter(
        connection=pair.connection_id,
        kind=pair.kind,
        answer=PairDecision.Answer.SAME,
    )
    record = pair.record
    if here is None:
        other = said.filter(xero_id=pair.xero_id).exclude(local_uid=record.uid).first()
        found = type(record)._default_manager.filter(uid=other and other.local_uid)
        here = found.first() if other else None
    if not there:
        other = said.filter(local_uid=record.uid).exclude(xero_id=pair.xero_id).first()
        there = other.xero_id if other else ""
    return here, _name_there(pair, there) if there else ""


def _linked(pair: FoundPair) -> tuple[Contact | StockItem | None, str]:
    links: Any = LINK_MODELS[pair.kind].objects.filter(connection=pair.connection_id)
    taken = links.filter(xero_id=pair.xero_id).select_related("record").first()
    here = taken.record if taken and taken.record.pk != pair.record.pk else None
    own = links.filter(record=pair.record).exclude(xero_id=pair.xero_id).first()
    return here, own.xero_id if own else ""


def _name_there(pair: FoundPair, xero_id: str) -> str:
    payloads = MirrorRecord.objects.filter(
        connection=pair.connection_id, kind=pair.kind, xero_id=xero_id
    ).values_list("payload", flat=True)
    payload = payloads.first() or {}
    return str(payload.get("Name") or "another record")
