"""Every address under /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from fieldops.api.not_found import NotFoundView
from fieldops.api.views import ContactViewSet, InvoiceViewSet, StockItemViewSet
from invoicing.api.views import AccountViewSet, TaxRateViewSet

app_name = "api"

router = SimpleRouter(trailing_slash=False)
router.register("contacts", ContactViewSet, basename="contact")
router.register("items", StockItemViewSet, basename="item")
router.register("invoices", InvoiceViewSet, basename="invoice")
router.register("accounts", AccountViewSet, basename="account")
router.register("tax-rates", TaxRateViewSet, basename="tax-rate")

urlpatterns = [
    path("", include("fieldops.users.api.urls")),
    *router.urls,
    path("", NotFoundView.as_view(), name="root"),
    path("<path:rest>", NotFoundView.as_view(), name="not-found"),
]
