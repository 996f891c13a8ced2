"""The base of every office page: a right is required, refusals become messages."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
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
    def actor(self) -> Actor:
        assert isinstance(self.request.user, User)  # noqa: S101 - dispatch saw to it
        return Actor.person(self.request.user)

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not self.permission:
            raise TypeError(f"{type(self).__name__} has no permission.")
        if self.permission != PUBLIC:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if self.permission != SIGNED_IN and not request.user.has_perm(
                self.permission
            ):
                raise PermissionDenied
        try:
            return super().dispatch(request, *args, **kwargs)
        except DomainError as refusal:
            return self.refused(refusal)

    def refused(self, refusal: DomainError) -> HttpResponse:
        messages.error(self.request, refusal.message)
        return redirect(self.refused_url())

    def refused_url(self) -> str:
        """Back to the page that asked, when it is one of ours."""
        referer = self.request.headers.get("Referer", "")
        if url_has_allowed_host_and_scheme(
            referer, {self.request.get_host()}, self.request.is_secure()
        ):
            return referer
        return "/"
