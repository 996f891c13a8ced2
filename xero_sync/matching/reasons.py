"""Why two records may be one, or not, in words anyone can read, each with its bits."""

from collections.abc import Iterator

from xero_sync.matching.assignment import Assigned
from xero_sync.matching.candidates import ContactCandidate
from xero_sync.matching.comparing import Comparison
from xero_sync.matching.findings import Finding, Verdict
from xero_sync.matching.names import Name, difference
from xero_sync.matching.pairing import TAKEN, TIED
from xero_sync.matching.records import Field

AGREES = {
    Field.ACCOUNT: "same account number",
    Field.TAX: "same VAT number",
    Field.COMPANY: "same company number",
    Field.EMAIL: "same email address",
    Field.PHONE: "same phone number",
    Field.PLACE: "same address",
    Field.PERSON: "same contact person",
}
DIFFERS = {
    Field.ACCOUNT: "different account numbers",
    Field.TAX: "different VAT numbers",
    Field.COMPANY: "different company numbers",
    Field.EMAIL: "different email addresses",
    Field.PHONE: "different phone numbers",
    Field.PLACE: "different addresses",
    Field.PERSON: "different contact persons",
}
NEAR = {
    (Field.EMAIL, Verdict.NEAR): "almost the same email address",
    (Field.EMAIL, Verdict.PARTLY): "same house in the email address",
    (Field.PLACE, Verdict.NEAR): "almost the same address",
    (Field.PLACE, Verdict.PARTLY): "same postcode or town",
    (Field.PERSON, Verdict.PARTLY): "much the same contact person",
}
NOBODY_ELSE = "no two others are so much alike"

Reasons = dict[str, float]


def reasons(
    pair: Comparison, ours: ContactCandidate, theirs: ContactCandidate
) -> Reasons:
    """What is for it first, then the names, then what is against it."""
    said = dict(_said(pair))
    told = {words: bits for words, bits in said.items() if bits > 0}
    told[difference(Name(ours.draft.name), Name(theirs.draft.name))] = pair.name.bits
    return told | said


def with_doubts(found: Reasons, one: Assigned) -> Reasons:
    said = (NOBODY_ELSE,) if one.judged.is_proven else one.judged.doubts
    more = [*said, *[TIED] * one.is_tied, *[TAKEN] * one.is_copy]
    return found | {words: found.get(words, 0.0) for words in more}


def _said(pair: Comparison) -> Iterator[tuple[str, float]]:
    for one in pair.findings:
        if one.bits:
            yield _words(one), one.bits


def _words(one: Finding) -> str:
    if one.verdict is Verdict.AGREES:
        return AGREES[one.field]
    return NEAR.get((one.field, one.verdict)) or DIFFERS[one.field]
