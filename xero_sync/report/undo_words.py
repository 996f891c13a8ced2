"""What an undo leaves as it is, in a sentence for each reason."""

from xero_sync.outcomes.kinds import Kind
from xero_sync.planner import undo_inputs as reasons
from xero_sync.report.wording import counted

# One record, and several: both follow "1 contact" or "6 contacts".
_ONE_AND_MANY = {
    reasons.CHANGED_THERE: (
        "was changed in Xero since",
        "were changed in Xero since",
    ),
    reasons.CHANGED_HERE: (
        "was changed here since",
        "were changed here since",
    ),
    reasons.APPROVED_THERE: (
        "was approved in Xero since",
        "were approved in Xero since",
    ),
    reasons.MONEY_ON_IT: (
        "has money received or credited on it in Xero",
        "have money received or credited on them in Xero",
    ),
    reasons.CLOSED_BOOKS: (
        "is dated in books that are closed in Xero",
        "are dated in books that are closed in Xero",
    ),
    reasons.NUMBER_USED: (
        "keeps the number it got when it was sent",
        "keep the numbers they got when they were sent",
    ),
    reasons.INVOICES_STAY: (
        "is on invoices that stay in Xero",
        "are on invoices that stay in Xero",
    ),
    reasons.ARCHIVED_THERE: (
        "is archived in Xero, where only a person can restore it",
        "are archived in Xero, where only a person can restore them",
    ),
    reasons.ENDED_THERE: (
        "stays void or deleted in Xero",
        "stay void or deleted in Xero",
    ),
    reasons.DRAFT_REPLACED: (
        "was a draft, and Xero does not keep what it said before",
        "were drafts, and Xero does not keep what they said before",
    ),
    reasons.NOT_THERE: (
        "is not in Xero any more",
        "are not in Xero any more",
    ),
    reasons.BLANK_THERE: (
        "had a blank in Xero before, which only Xero itself can bring back",
        "had blanks in Xero before, which only Xero itself can bring back",
    ),
    reasons.MERGED_THERE: (
        "was merged or made anew in Xero",
        "were merged or made anew in Xero",
    ),
    reasons.MERGED_HERE: (
        "was merged into another record here since",
        "were merged into other records here since",
    ),
    reasons.MONEY_STAYS: (
        "keeps what Xero says was received or credited",
        "keep what Xero says was received or credited",
    ),
    reasons.CANCELLED_HERE: (
        "stays cancelled here, because it was in Xero",
        "stay cancelled here, because they were in Xero",
    ),
    reasons.OTHER_SETTINGS: (
        "went with another email or address than the settings say now",
        "went with another email or address than the settings say now",
    ),
    reasons.LATER_RUN: (
        "was written by a later sync too",
        "were written by a later sync too",
    ),
}


def left_words(count: int, kind: Kind, reason: str) -> str:
    """ "6 contacts are on invoices that stay in Xero" """
    who = counted(count, kind)
    if reason not in _ONE_AND_MANY:
        # What uses it is named with the reason.
        return f"{who} {'is' if count == 1 else 'are'} {reason}"
    one, many = _ONE_AND_MANY[reason]
    return f"{who} {one if count == 1 else many}"
