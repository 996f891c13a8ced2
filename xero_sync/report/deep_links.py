"""Where a record of Xero's can be looked at: Xero's own pages, or the practice ledger's."""

from urllib.parse import quote

from django.conf import settings

from xero_sync.models import XeroConnection
from xero_sync.outcomes.kinds import Kind

_PAGES = {
    Kind.CONTACT: "/Contacts/View/{}",
    Kind.INVOICE: "/AccountsReceivable/View.aspx?InvoiceID={}",
}
_SHARED_ADDRESS = (
    "https://go.xero.com/organisationlogin/default.aspx?shortcode={}&redirecturl={}"
)


def xero_url(connection: XeroConnection | None, kind: str, xero_id: str) -> str:
    """Blank where there is no such page: stock items have none in Xero."""
    if connection is None or not xero_id:
        return ""
    if settings.XERO_URL:
        return f"{settings.XERO_URL}/"
    page = _PAGES.get(Kind(kind))
    if page is None or not connection.short_code:
        return ""
    target = quote(page.format(xero_id), safe="")
    return _SHARED_ADDRESS.format(quote(connection.short_code), target)
