"""What may be wrong with a record of any kind."""

from xero_sync.outcomes.codes import IssueCode
from xero_sync.report.words import LONGER_THAN_XERO_TAKES, Control, Words

ANY_WORDS: dict[IssueCode, Words] = {
    IssueCode.FIELD_TOO_LONG: Words(
        "A text is too long",
        "Xero allows fewer characters than this record has.",
        "Shorten the text.",
        Control.FIELD,
        note="{label}: {length} characters; Xero takes {limit}.",
        in_file=LONGER_THAN_XERO_TAKES,
    ),
    IssueCode.POSSIBLE_TWIN: Words(
        "May be in Xero already",
        "Xero has a record very much like this one. To copy either to the other side might "
        "make a double.",
        "Say whether the two are the same.",
        Control.PAIR,
        note="Looks like {other}: {reasons}.",
        is_held=True,
    ),
    IssueCode.BOTH_CHANGED: Words(
        "Changed here and in Xero",
        "The same field was changed on both sides, so Xero's value was taken.",
        "Keep Xero's, or bring ours back: the next sync sends it to Xero.",
        Control.BRING_BACK,
        note="{label}: ours was {ours}, Xero's is {xeros}.",
    ),
    IssueCode.REFUSED: Words(
        "Xero refused it for another reason",
        "Xero gave a reason that we do not know yet.",
        "Read what Xero says, change the record, then try again.",
        Control.RECORD,
        note="Xero said: “{xero}”",
    ),
    IssueCode.UNREADABLE: Words(
        "A record of Xero's could not be understood",
        "Something in it is not as Xero describes its records.",
        "Open it in Xero and check it. If it stays, tell the people who look after this.",
        Control.XERO,
        note="{field}: {value}",
    ),
    IssueCode.TOO_LONG_FOR_US: Words(
        "A text in Xero is too long for Fieldops",
        "Xero has more characters in a field than there is room for here. Nothing of "
        "the record was changed, here or in Xero.",
        "Shorten the text in Xero. The next sync brings it in.",
        Control.XERO,
        note="{label} has {length} characters in Xero; there is room for {limit} here.",
    ),
    IssueCode.RULE: Words(
        "Could not be saved here",
        "What comes from Xero goes against a rule here.",
        "Change the record on one of the two sides, then try again.",
        Control.RECORD,
        note="{message}",
    ),
}
