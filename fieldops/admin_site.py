"""The admin site: one site for administrators, reached through the office's sign-in."""

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.conf import settings
from django.contrib.admin import site
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:  # unfold carries no type hints; its site is Django's, dressed
    from django.contrib.admin import AdminSite as UnfoldAdminSite
else:
    from unfold.sites import UnfoldAdminSite

AnyView = TypeVar("AnyView", bound=Callable[..., HttpResponseBase])

# The side bar: titles, and models with the name of their Material symbol.
PLACES: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "Records",
        {
            "customers.Contact": "group",
            "stock.StockItem": "inventory_2",
            "stock.StockMovement": "swap_vert",
            "invoicing.Invoice": "receipt_long",
        },
    ),
    (
        "Chart of accounts",
        {"invoicing.Account": "account_tree", "invoicing.TaxRate": "percent"},
    ),
    (
        "Company",
        {
            "common.Company": "apartment",
            "invoicing.InvoicingSettings": "tune",
            "users.User": "badge",
            "users.DeviceToken": "smartphone",
            "common.ChangeEntry": "history",
        },
    ),
)


def side_bar(request: HttpRequest) -> list[dict[str, Any]]:
    """The places above, then every other model that is registered, by its app."""
    apps = site.get_app_list(request)
    links = {
        f"{app['app_label']}.{model['object_name']}": (
            model["name"],
            model["admin_url"],
        )
        for app in apps
        for model in app["models"]
    }
    placed = {label for _, icons in PLACES for label in icons}
    others = [
        (app["name"], {label: "sync" for label in links if _is_of(label, app, placed)})
        for app in apps
    ]
    return [
        {
            "title": title,
            "items": [
                {"title": links[label][0], "icon": icon, "link": links[label][1]}
                for label, icon in icons.items()
                if label in links
            ],
        }
        for title, icons in (*PLACES, *others)
        if icons
    ]


def _is_of(label: str, app: dict[str, Any], placed: set[str]) -> bool:
    return label not in placed and label.startswith(f"{app['app_label']}.")


class FieldopsAdminSite(UnfoldAdminSite):
    site_header = "Fieldops"
    index_title = "Administration"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_active and getattr(user, "is_administrator", False)

    def admin_view(self, view: AnyView, cacheable: bool = False) -> AnyView:
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # Signing in again would not help those who are signed in.
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return cast(AnyView, update_wrapper(inner, guarded))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one sign-in for everybody: the office's."""
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
            wanted = f"/{self.name}/"
        if request.user.is_authenticated:
            return redirect(wanted)
        return redirect_to_login(wanted, settings.LOGIN_URL)
