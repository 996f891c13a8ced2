"""Every address asks for a right: no page and no API answer is open by oversight."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from fieldops.common.permissions import EVERY_RIGHT, PUBLIC, SIGNED_IN
from fieldops.common.views import OfficeView

# Whom these let in is decided elsewhere, or they show nothing of the company.
OPEN_BY_DESIGN = {
    "login",
    "logout",
    "api-schema",
    "api-docs",
    "healthz",
    # Signing in is how a device gets the token that everything else asks for.
    "api:sign-in",
}


def named_views(
    resolver: URLResolver, before: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Each address below the resolver: its name with namespaces, its path, its view."""
    for entry in resolver.url_patterns:
        path = f"{before}{entry.pattern}"
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                continue  # Django's admin asks for staff on every page
            for name, below, view in named_views(entry, path):
                yield (
                    (f"{entry.namespace}:{name}" if entry.namespace else name),
                    below,
                    view,
                )
        elif isinstance(entry, URLPattern):
            yield entry.name or "", path, entry.callback


@cache
def all_views() -> list[tuple[str, str, Any]]:
    return list(named_views(get_resolver()))


def view_class(view: Any) -> Any:
    return getattr(view, "view_class", None) or getattr(view, "cls", None)


def open_to_whom(view: Any) -> str:
    """What is wrong with it; "" when it asks for a right."""
    cls = view_class(view)
    if cls is None:
        return "is a function: make it an OfficeView"
    if issubclass(cls, OfficeView):
        known = cls.permission in EVERY_RIGHT | {SIGNED_IN, PUBLIC}
        return "" if known else f"asks for {cls.permission}, which is no right"
    if not issubclass(cls, APIView):
        return "is neither an OfficeView nor an API view"
    permissions = getattr(view, "initkwargs", {}).get(
        "permission_classes", cls.permission_classes
    )
    if not permissions:
        return "names no permission"
    is_open = AllowAny in permissions and cls.__name__ != "NotFoundView"
    return "lets everybody in" if is_open else ""


def test_every_address_asks_for_a_right() -> None:
    asked = [one for one in all_views() if one[0] not in OPEN_BY_DESIGN]
    wrong = {path: why for _, path, view in asked if (why := open_to_whom(view))}

    assert len(asked) > 100
    assert wrong == {}


def test_every_page_has_a_name() -> None:
    nameless = [path for name, path, view in all_views() if not name.split(":")[-1]]
    assert nameless == []


def test_names_are_unique() -> None:
    names = [name for name, path, view in all_views() if name]
    assert sorted(names) == sorted(set(names))
