"""The base of every office page: a right is required, refusals become messages."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from fieldops.common.actor import Actor
from fieldops.common.errors import DomainError
from fieldops.common.permissions import EVERY_RIGHT, PUBLIC, SIGNED_IN
from fieldops.users.models import User


class OfficeView(View):
    """``permission`` is a right, ``SIGNED_IN`` for everybody with an account, or PUBLIC."""

    permission: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.permission not in EVERY_RIGHT | {PUBLIC, SIGNED_IN, ""}:
            raise TypeError(f"{cls.__name__} names no known right: {cls.permission!r}")

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101 - dispatch saw to it
        return self.request.user

    @property
    def actor(self) -> Actor:
        return Actor.person(self.user)

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not self.permission:
            raise TypeError(f"{type(self).__name__} has no permission.")
        if self.permission != PUBLIC:
            if not request.user.is_authenticated:
                return self.sign_in_first()
            self.require(self.permission)
        try:
            return super().dispatch(request, *args, **kwargs)
        except DomainError as refusal:
            return self.refused(refusal)

    def sign_in_first(self) -> HttpResponse:
        """Then back to the page; one that only takes what is sent could not be opened.
        A part of a page stays as it is, with what was typed there."""
        if self.request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401)
        if self.request.method in ("GET", "HEAD"):
            return redirect_to_login(self.request.get_full_path())
        messages.warning(
            self.request, "You had been signed out, so nothing was saved. Do it again."
        )
        return redirect_to_login(OfficeView.refused_url(self))

    def require(self, right: str) -> None:
        if right != SIGNED_IN and not self.request.user.has_perm(right):
            raise PermissionDenied

    def refused(self, refusal: DomainError) -> HttpResponse:
        """A page whose part it was that asked is loaded anew, with the reason on top."""
        messages.error(self.request, refusal.message)
        if self.request.method == "POST" and wants_fragment(self.request):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return redirect(self.refused_url())

    def refused_url(self) -> str:
        """Back to the page that asked, when it is one of ours."""
        referer = self.request.headers.get("Referer", "")
        if url_has_allowed_host_and_scheme(
            referer, {self.request.get_host()}, self.request.is_secure()
        ):
            return referer
        return "/"


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; going back asks for all of it."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def vary_on_htmx(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request"])
    return response


def page_tabs(labels: Mapping[str, str], here: str) -> list[dict[str, Any]]:
    """Tabs of one page by ``?tab=``, as the component wants them."""
    return [
        {"label": label, "url": f"?tab={key}", "is_active": key == here}
        for key, label in labels.items()
    ]
