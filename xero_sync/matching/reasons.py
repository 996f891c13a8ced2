"""Why two records may be one, or not, in words anyone can read."""

from collections.abc import Iterator

from xero_sync.matching.assignment import Assigned
from xero_sync.matching.candidates import ContactCandidate
from xero_sync.matching.comparing import Comparison, Verdict
from xero_sync.matching.names import Name, difference
from xero_sync.matching.pairing import TAKEN, TIED
from xero_sync.matching.records import Field

AGREES = {
    Field.ACCOUNT: "same account number",
    Field.TAX: "same VAT number",
    Field.COMPANY: "same company number",
    Field.EMAIL: "same e-mail address",
    Field.PHONE: "same phone number",
    Field.PLACE: "same address",
    Field.PERSON: "same contact person",
}
DIFFERS = {
    Field.ACCOUNT: "different account numbers",
    Field.TAX: "different VAT numbers",
    Field.COMPANY: "different company numbers",
    Field.EMAIL: "different e-mail addresses",
    Field.PHONE: "different phone numbers",
    Field.PLACE: "different addresses",
    Field.PERSON: "different contact persons",
}


def reasons(
    one: Assigned, ours: ContactCandidate, theirs: ContactCandidate
) -> tuple[str, ...]:
    pair = one.judged.pair
    for_it = _for(pair)
    names = difference(Name(ours.draft.name), Name(theirs.draft.name))
    against = dict.fromkeys((*_against(pair), *one.judged.doubts))
    more = [TIED] * one.is_tied + [TAKEN] * one.is_copy
    return (*for_it, names, *against, *more)


def _for(pair: Comparison) -> Iterator[str]:
    for one in pair.findings:
        if one.bits <= 0:
            continue
        if one.verdict is Verdict.AGREES:
            yield AGREES[one.field]
        elif one.verdict is Verdict.NEAR:
            yield "almost the same e-mail address"
        elif one.verdict is Verdict.PARTLY:
            yield "same postcode or town"


def _against(pair: Comparison) -> Iterator[str]:
    for one in pair.findings:
        if one.verdict is Verdict.DIFFERS and one.bits < 0:
            yield DIFFERS[one.field]
