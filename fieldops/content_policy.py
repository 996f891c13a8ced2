"""The content security policy: nothing inline and nothing from elsewhere on our pages."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
# Pages of installed packages, whose scripts write styles and evaluate expressions.
FOREIGN_PAGES = ("/admin/", "/api/")
FOREIGN = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "object-src 'none'; frame-ancestors 'none'"
)


def own_policy() -> str:
    """Connecting to Xero is a form of ours that is redirected to Xero's sign-in."""
    return (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
        f"form-action 'self' {settings.XERO_LOGIN_URL}; frame-ancestors 'none'"
    )


def content_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. A response that brings its own policy keeps it."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        foreign = request.path.startswith(FOREIGN_PAGES)
        response.headers.setdefault(HEADER, FOREIGN if foreign else own_policy())
        return response

    return respond
