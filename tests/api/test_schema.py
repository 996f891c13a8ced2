"""The schema says what there is, without a doubt, and its page asks no other host."""

from io import StringIO
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver

from fieldops.api.urls import urlpatterns
from fieldops.common.api.rights import HasRight

PUBLIC = {"sign-in", "root", "not-found"}


def test_generates_without_a_warning() -> None:
    call_command("spectacular", fail_on_warn=True, validate=True, stdout=StringIO())


def test_every_operation_names_the_error_shape(client: Client) -> None:
    schema = client.get("/api/schema/").json()

    operations = [
        operation
        for path in schema["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    ]
    assert len(operations) == 22
    assert all(
        operation["responses"]["default"]["content"]["application/json"]["schema"]
        == {"$ref": "#/components/schemas/Error"}
        for operation in operations
    )


def test_the_docs_page_comes_from_here(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()

    assert "swagger-ui-bundle.js" in page
    assert "https://" not in page
    assert "//cdn" not in page


def test_every_address_asks_for_a_right() -> None:
    """Each action of each view has its right; only the named ones are public."""
    forgotten = []
    for pattern in patterns_in(urlpatterns):
        if pattern.name in PUBLIC:
            continue
        view: Any = pattern.callback
        assert view.cls.permission_classes == [HasRight], pattern.name
        actions = set(view.actions.values())
        forgotten += [(pattern.name, name) for name in actions - set(view.cls.rights)]
    assert forgotten == []


def patterns_in(entries: list[URLPattern | URLResolver]) -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in entries:
        if isinstance(entry, URLPattern):
            found.append(entry)
        else:
            found += patterns_in(entry.url_patterns)
    return found
