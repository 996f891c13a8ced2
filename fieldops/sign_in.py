"""The way in: the sign-in page, which shows the demo company's people if there are any;
and what an old page asks before it sends what was typed."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from fieldops.common.permissions import PUBLIC
from fieldops.common.views import OfficeView
from fieldops.users.demo import DEMO_PASSWORD, DEMO_PEOPLE, demo_sign_ins


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "The user name or the password is wrong. Capital and small "
        "letters count in both.",
        "inactive": "This account is closed. An administrator can open it again.",
    }


class SignInView(LoginView):
    permission = PUBLIC
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        SessionStore.clear_expired()  # else they would stay for good
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts = [
            {
                "username": username,
                "role": DEMO_PEOPLE[username].label,
                "password": DEMO_PASSWORD,
            }
            for username in demo_sign_ins()
        ]
        return super().get_context_data(demo_accounts=accounts, **kwargs)


class SignedInView(OfficeView):
    """What a form has to carry since somebody last signed in; nothing while nobody is."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> JsonResponse:
        token = get_token(request) if request.user.is_authenticated else ""
        return JsonResponse({"token": token}, headers={"Cache-Control": "no-store"})
