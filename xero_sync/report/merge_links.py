"""The way from a trouble to the page where two of our records are merged."""

from django.urls import reverse
from django.utils.http import urlencode

from customers.models import Contact
from stock.models import StockItem
from xero_sync.models import ContactLink, SyncIssue
from xero_sync.outcomes.codes import IssueCode

_SHARED = (IssueCode.ACCOUNT_NUMBER_USED_HERE, IssueCode.CODE_USED_HERE)
_PAGES = {Contact: "customers:contact-merge", StockItem: "stock:item-merge"}


def merge_url(issue: SyncIssue) -> str:
    """Blank where no other record of ours is known to be concerned. The other one is
    proposed to be kept: it has the number, or what is left in Xero."""
    record = issue.contact or issue.item
    other = _other_id(issue)
    if record is None or record.merged_into_id or not other or other == record.pk:
        return ""
    address = reverse(_PAGES[type(record)], args=[other])
    return f"{address}?{urlencode({'with': record.pk})}"


def _other_id(issue: SyncIssue) -> int | None:
    if issue.code in _SHARED:
        return int(issue.details.get("other_id") or 0) or None
    if issue.code == IssueCode.MERGED_IN_XERO:
        links = ContactLink.objects.filter(
            connection=issue.connection, xero_id=issue.details.get("into", "")
        )
        return links.values_list("record_id", flat=True).first()
    return None
