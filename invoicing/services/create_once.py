"""Make a draft that may be asked for twice: by a phone that lost its signal."""

from collections.abc import Mapping, Sequence
from typing import Any

from customers.models import Contact
from fieldops.common.actor import Actor
from fieldops.common.merging import surviving
from fieldops.common.money import AmountsAre
from fieldops.common.repeats import as_logged, create_once
from invoicing.models import Invoice
from invoicing.services.line_defaults import completed_lines
from invoicing.services.write_draft import create_invoice

# Where nothing is sent these are blank; the dates are filled in, by today and by terms.
BLANK = {"reference": "", "notes": "", "amounts_are": AmountsAre.EXCLUSIVE}


def create_invoice_once(
    customer: Contact,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    *,
    by: Actor,
) -> tuple[Invoice, bool]:
    """The draft and whether it is new; see ``create_once``."""
    return create_once(
        Invoice,
        values.get("uid"),
        lambda: create_invoice(customer, values, completed_lines(lines), by=by),
        lambda made_from: _is_same(made_from, customer, values, lines),
    )


def _is_same(
    made_from: Mapping[str, Any],
    customer: Contact,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
) -> bool:
    """What is sent again agrees with what was made; what was filled in is not asked."""
    sent = {name: value for name, value in values.items() if name != "uid"}
    wanted = as_logged(BLANK | sent)
    blank = [name for name in BLANK if name not in wanted and made_from.get(name)]
    made_lines = made_from["lines"]
    return (
        not blank
        and customer.pk in (made_from["customer_id"], made_from.get("meant_for_id"))
        and all(made_from.get(name) == value for name, value in wanted.items())
        and len(made_lines) == len(lines)
        and all(
            _agrees(made, line) for made, line in zip(made_lines, lines, strict=True)
        )
    )


def _agrees(made: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
    item = line.get("item")
    meant = {item.pk, surviving(item).pk} if item else {None}
    return made["item_id"] in meant and all(
        made[name] == value for name, value in _line_as_logged(line).items()
    )


def _line_as_logged(line: Mapping[str, Any]) -> dict[str, Any]:
    logged = {name: value for name, value in line.items() if name != "item"}
    for name in ("quantity", "unit_price", "discount_percent"):
        if name in logged:
            logged[name] = f"{logged[name]:.4f}"
    if "description" in logged:
        logged["description"] = logged["description"].strip()
    return logged
