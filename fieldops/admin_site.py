"""The admin site: one site for administrators, reached through the office's sign-in."""

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.conf import settings
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
