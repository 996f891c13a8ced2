"""``Authorization: Bearer <token>``. Cookies and sessions are no business of the API."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from fieldops.users.models import DeviceToken, User
from fieldops.users.tokens import note_use, sign_in_of


class BearerAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, DeviceToken] | None:
        scheme, _, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        sign_in = sign_in_of(token.decode("ascii", "replace").strip())
        if sign_in is None:
            raise AuthenticationFailed(
                "This device is no longer signed in. Sign in again.", "signed_out"
            )
        note_use(sign_in)
        return sign_in.user, sign_in

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Found by the schema generator through the class it names."""

    target_class = BearerAuthentication
    name = "deviceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
