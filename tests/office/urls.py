"""The style guide beside empty pages, so that the whole navigation shows."""

from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from fieldops.preferences import PreferencesView
from fieldops.sign_in import SignedInView


def blank(request: HttpRequest) -> HttpResponse:
    return HttpResponse("A page.")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def pages(**routes: str) -> list[URLPattern]:
    return [path(route, blank, name=name) for name, route in routes.items()]


office: list[URLPattern | URLResolver] = [
    path("styleguide/", include("fieldops.styleguide.urls")),
    path("preferences/", PreferencesView.as_view(), name="preferences"),
    *pages(dashboard="", search="search/", help="help/", settings="settings/"),
    path("import/", blank, name="import"),
    path("signed-in/", SignedInView.as_view(), name="signed-in"),
]
customers = [
    path("customers/", blank, name="customer-list"),
    path("customers/leads/", blank, name="lead-list"),
    path("customers/suppliers/", blank, name="supplier-list"),
    path("customers/new/", blank, name="customer-create"),
]
urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("favicon.ico", blank),
    path("broken/", broken),
    path("forbidden/", forbidden),
    path("", include((office, "fieldops"))),
    path("", include((customers, "customers"))),
    path("stock/", include(([path("", blank, name="item-list")], "stock"))),
    path("invoices/", include(([path("", blank, name="invoice-list")], "invoicing"))),
    path("xero/", include(([path("", blank, name="sync")], "xero_sync"))),
]
handler500 = "fieldops.error_pages.server_error"
