"""The page for a fault of ours: it names a reference that is in the log as well."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    reference = secrets.token_hex(3).upper()
    logger.error("Reference %s: %s %s", reference, request.method, request.path)
    # Without the request: what broke may be what the context processors need.
    page = render_to_string("500.html", {"reference": reference})
    return HttpResponse(page, status=500)
