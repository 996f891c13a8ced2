"""One shape for everything that went wrong:
``{"error": {"code": ..., "message": ..., "fields": {name: [sentence, ...]}}}``.
"""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response

from fieldops.common.errors import DomainError, MergedAway, StaleRecord
from fieldops.common.repeats import UidTaken

logger = logging.getLogger(__name__)

CONFLICTS = (StaleRecord, UidTaken, MergedAway)


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = "What was sent is too large."


def error_response(exc: Exception, context: dict[str, Any]) -> Response:
    """REST framework's one exception handler."""
    if isinstance(exc, DomainError):
        return _refusal(exc)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound("There is nothing here.")
    if isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.ValidationError):
        return _invalid(exc)
    if isinstance(exc, exceptions.APIException):
        return _refused_request(exc)
    logger.error("The API failed", exc_info=exc)
    message = "Something went wrong here. It has been written down."
    return _shaped(status.HTTP_500_INTERNAL_SERVER_ERROR, "internal", message)


def _refusal(refusal: DomainError) -> Response:
    conflict = isinstance(refusal, CONFLICTS)
    code = status.HTTP_409_CONFLICT if conflict else status.HTTP_400_BAD_REQUEST
    fields = {refusal.field: [refusal.message]} if refusal.field else {}
    return _shaped(code, refusal.code, refusal.message, fields)


def _invalid(exc: exceptions.ValidationError) -> Response:
    fields: dict[str, list[str]] = {}
    for name, sentence in _sentences(exc.detail):
        fields.setdefault(name, []).append(sentence)
    general = fields.pop("", [])
    message = " ".join(general) or "Some of what was sent is not right: see fields."
    return _shaped(exc.status_code, "invalid", message, fields)


def _refused_request(exc: exceptions.APIException) -> Response:
    detail = exc.detail
    code = getattr(detail, "code", exc.default_code)
    response = _shaped(exc.status_code, code, str(detail))
    if exc.status_code == status.HTTP_401_UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Fieldops"'
    wait = getattr(exc, "wait", None)
    if wait:
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _shaped(
    http_status: int,
    code: str,
    message: str,
    fields: dict[str, list[str]] | None = None,
) -> Response:
    error = {"code": code, "message": message, "fields": fields or {}}
    return Response({"error": error}, status=http_status)


def _sentences(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Flat: the second line's quantity is ``lines.1.quantity``."""
    parts: Iterable[tuple[Any, Any]]
    if isinstance(detail, dict):
        parts = detail.items()
    elif isinstance(detail, list) and any(isinstance(d, dict | list) for d in detail):
        parts = enumerate(detail)
    else:
        for sentence in detail if isinstance(detail, list) else [detail]:
            yield path, str(sentence)
        return
    for key, inner in parts:
        name = "" if key == "non_field_errors" else str(key)
        yield from _sentences(inner, ".".join(filter(None, (path, name))))
