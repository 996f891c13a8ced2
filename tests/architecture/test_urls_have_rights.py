"""Every address asks for a right: no page and no API answer is open by oversight."""

from collections.abc import Iterator
from typing import Any

import pytest
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


VIEWS = list(named_views(get_resolver()))


def view_class(view: Any) -> Any:
    return getattr(view, "view_class", None) or getattr(view, "cls", None)


@pytest.mark.parametrize(("name", "path", "view"), VIEWS, ids=[v[1] for v in VIEWS])
def test_asks_for_a_right(name: str, path: str, view: Any) -> None:
    if name in OPEN_BY_DESIGN:
        return
    cls = view_class(view)
    assert cls is not None, f"/{path} is a function: make it an OfficeView"
    if issubclass(cls, OfficeView):
        assert cls.permission in EVERY_RIGHT | {SIGNED_IN, PUBLIC}
        return
    assert issubclass(cls, APIView), f"/{path} is neither an OfficeView nor an API view"
    permissions = getattr(view, "initkwargs", {}).get(
        "permission_classes", cls.permission_classes
    )
    assert permissions, f"/{path} names no permission"
    if AllowAny in permissions:
        assert cls.__name__ == "NotFoundView", f"/{path} lets everybody in"


def test_every_page_has_a_name() -> None:
    nameless = [path for name, path, view in VIEWS if not name.split(":")[-1]]
    assert nameless == []


def test_names_are_unique() -> None:
    names = [name for name, path, view in VIEWS if name]
    assert sorted(names) == sorted(set(names))
