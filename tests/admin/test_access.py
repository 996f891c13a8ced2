"""Django admin is for administrators, whatever else a row about them says."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fieldops.common.actor import Actor
from fieldops.common.permissions import Role
from fieldops.users.models import User
from fieldops.users.services import change_user
from fieldops.users.tokens import issue_token
from invoicing.services.approve_invoice import approve_invoice
from tests.builders import (
    TESTER,
    line,
    make_draft,
    make_item,
    make_supplier,
    make_user,
)
from tests.conftest import SignIn

CONTACTS = "/admin/customers/contact/"


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ENGINEER, Role.ACCOUNTANT])
def test_other_roles_are_refused(db: None, role: Role, sign_in: SignIn) -> None:
    """Also with the marks that Django itself would go by."""
    client = sign_in(make_user(role, is_superuser=True))
    User.objects.update(is_staff=True)

    for path in ("/admin/", CONTACTS, "/admin/users/user/add/"):
        assert client.get(path).status_code == 403, path
        assert client.post(path, {}).status_code == 403, path


def test_somebody_who_is_not_signed_in_goes_to_the_one_sign_in(client: Client) -> None:
    first = client.get(CONTACTS)
    second = client.get(first.headers["Location"])

    assert first.status_code == second.status_code == 302
    assert second.headers["Location"].endswith(f"?next={CONTACTS}")
    assert "/admin/" not in second.headers["Location"].partition("?")[0]


def test_the_sign_in_leads_to_no_other_host(client: Client) -> None:
    response = client.get("/admin/login/?next=https://elsewhere.example/")

    assert response.headers["Location"].endswith("?next=/admin/")


def test_a_role_that_was_taken_away_counts_at_once(
    administrator: User, administrator_client: Client
) -> None:
    make_user(Role.ADMINISTRATOR)
    assert administrator_client.get("/admin/").status_code == 200

    change_user(administrator, {"role": Role.OFFICE}, by=Actor.system("test"))

    assert administrator_client.get("/admin/").status_code == 403


def test_every_list_opens_and_nothing_can_be_deleted(
    administrator_client: Client,
) -> None:
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        response = administrator_client.get(reverse(name), follow=True)

        assert response.status_code == 200, name
        assert "delete_selected" not in model_admin.get_actions(response.wsgi_request)
        assert not model_admin.has_delete_permission(response.wsgi_request)


def test_the_first_page_names_the_product(administrator_client: Client) -> None:
    page = administrator_client.get("/admin/").content.decode()

    assert "Fieldops" in page
    assert "Stock movements" in page
    assert "Groups" not in page


def test_the_cost_of_a_list_does_not_grow(administrator_client: Client) -> None:
    paths = (
        "customers/contact",
        "stock/stockitem",
        "stock/stockmovement",
        "invoicing/invoice",
        "common/changeentry",
        "users/devicetoken",
    )

    def add_some() -> None:
        for _ in range(3):
            item = make_item(preferred_supplier=make_supplier())
            approve_invoice(make_draft(lines=[line(item=item)]), by=TESTER)
            issue_token(make_user(), device="Phone")

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert administrator_client.get(f"/admin/{path}/").status_code == 200
        return len(queries)

    add_some()
    before = [cost(path) for path in paths]
    add_some()

    assert [cost(path) for path in paths] == before


def test_who_signs_in_sweeps_out_the_sessions_that_are_over(
    client: Client, db: None
) -> None:
    now = timezone.now()
    for key, days in (("over", -1), ("alive", 1)):
        expires = now + timedelta(days=days)
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    user = make_user()

    client.post(reverse("login"), {"username": user.username, "password": "practice"})

    keys = set(Session.objects.values_list("session_key", flat=True))
    assert keys == {"alive", client.session.session_key}
