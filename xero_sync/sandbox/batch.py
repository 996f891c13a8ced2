"""Writing a batch of elements: all or nothing, or each with its own outcome."""

from collections.abc import Callable
from dataclasses import dataclass

from xero_sync.sandbox.errors import ElementRefused, ValidationFailed
from xero_sync.sandbox.tables import Journal
from xero_sync.sandbox.wire import ZERO_GUID, Element, JsonObject

Write = Callable[[Element], JsonObject]


@dataclass(frozen=True)
class BatchRules:
    """How a kind reports on its elements."""

    id_field: str
    error_flag: str = "HasValidationErrors"


def write_batch(
    journal: Journal,
    rules: BatchRules,
    elements: list[Element],
    write: Write,
    *,
    summarize: bool,
) -> list[JsonObject]:
    """The answered elements. With `summarize` one bad element refuses the request, and
    the door takes back what the good ones wrote; without it the good ones are saved and
    the bad ones say why."""
    answered: list[JsonObject] = []
    refused: list[JsonObject] = []
    for element in elements:
        before = journal.mark()
        try:
            row = write(element)
        except ElementRefused as refusal:
            journal.roll_back(before)
            row = _refused(element, rules, refusal)
            refused.append(row)
        else:
            if not summarize:
                row = row | {rules.error_flag: False, "StatusAttributeString": "OK"}
        answered.append(row)
    if refused and summarize:
        for row in refused:
            del row["StatusAttributeString"]
        raise ValidationFailed(refused)
    return answered


def _refused(
    element: Element, rules: BatchRules, refusal: ElementRefused
) -> JsonObject:
    """The echo of what was sent, with the reasons."""
    echo = dict(element)
    for name in ("Addresses", "Phones", "LineItems"):
        nested = echo.get(name)
        if isinstance(nested, list):
            echo[name] = [{**row, "ValidationErrors": []} for row in nested]
    return {
        rules.id_field: refusal.record_id or ZERO_GUID,
        **{name: value for name, value in echo.items() if name != rules.id_field},
        rules.error_flag: True,
        "StatusAttributeString": "ERROR",
        "ValidationErrors": [{"Message": message} for message in refusal.messages],
    }
