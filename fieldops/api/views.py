"""The domain's resources, each answering with its state in Xero."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api import views as customers
from customers.api.serializers import NewContactSerializer
from fieldops.api.possible_duplicates import (
    MadeContactSerializer,
    possible_duplicates,
)
from fieldops.api.xero_state import ContactWithXero, InvoiceWithXero, StockItemWithXero
from invoicing.api import views as invoicing
from stock.api import views as stock


class ContactViewSet(customers.ContactViewSet):
    serializer_class = ContactWithXero

    @extend_schema(
        request=NewContactSerializer,
        responses={200: MadeContactSerializer, 201: MadeContactSerializer},
    )
    def create(self, request: Request) -> Response:
        """The same `uid` and content again answers 200 with the contact that is there;
        the same `uid` with other content is refused with 409. `possible_duplicates` are
        other contacts that it may be: a hint, nothing is refused for them."""
        answer = super().create(request)
        made = self.visible_rows().get(uid=answer.data["uid"])
        answer.data["possible_duplicates"] = possible_duplicates(made, self.user)
        return answer


class StockItemViewSet(stock.StockItemViewSet):
    serializer_class = StockItemWithXero


class InvoiceViewSet(invoicing.InvoiceViewSet):
    serializer_class = InvoiceWithXero
