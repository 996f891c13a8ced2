"""The domain's resources, each answering with its state in Xero."""

from customers.api import views as customers
from fieldops.api.xero_state import ContactWithXero, InvoiceWithXero, StockItemWithXero
from invoicing.api import views as invoicing
from stock.api import views as stock


class ContactViewSet(customers.ContactViewSet):
    serializer_class = ContactWithXero


class StockItemViewSet(stock.StockItemViewSet):
    serializer_class = StockItemWithXero


class InvoiceViewSet(invoicing.InvoiceViewSet):
    serializer_class = InvoiceWithXero
