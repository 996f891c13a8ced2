"""Signing in on a device, and all that ends it."""

from hashlib import sha256

import pytest
from django.test import Client
from rest_framework.test import APIClient

from fieldops.common.actor import Actor
from fieldops.users.models import DeviceToken, User
from fieldops.users.services import change_user, set_password
from fieldops.users.tokens import issue_token
from tests.api.app import App
from tests.api.conftest import AppOf

CREDENTIALS = {"username": "office", "password": "practice", "device": "Van 3"}


def test_answers_a_token_of_which_only_the_digest_is_kept(office: User) -> None:
    status, answer = App().call("post", "sign-in", CREDENTIALS)

    kept = DeviceToken.objects.get()
    assert status == 201
    assert answer["user"]["uid"] == str(office.uid)
    assert answer["user"]["rights"] == sorted(office.get_all_permissions())
    assert len(answer["token"]) == 43
    assert kept.digest == sha256(answer["token"].encode()).hexdigest()
    assert (kept.user, kept.device) == (office, "Van 3")


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"username": "nobody"}, {"password": "practice "}]
)
def test_refuses_wrong_credentials(office: User, wrong: dict[str, str]) -> None:
    refused = App().error("post", "sign-in", CREDENTIALS | wrong)

    assert refused == (401, "wrong_credentials")
    assert not DeviceToken.objects.exists()


def test_refuses_somebody_who_left(office: User) -> None:
    User.objects.filter(pk=office.pk).update(is_active=False)

    assert App().error("post", "sign-in", CREDENTIALS) == (401, "wrong_credentials")
    assert not DeviceToken.objects.exists()


def test_names_what_is_missing(db: None) -> None:
    status, answer = App().call("post", "sign-in", {"username": "office"})

    assert status == 400
    assert set(answer["error"]["fields"]) == {"password", "device"}


def test_an_account_can_be_tried_ten_times_a_minute(office: User) -> None:
    wrong = CREDENTIALS | {"password": "wrong"}
    for _ in range(10):
        assert App().error("post", "sign-in", wrong) == (401, "wrong_credentials")

    # A forged address does not help, and neither does the right password.
    response = App().post(
        "/api/v1/sign-in", CREDENTIALS, headers={"X-Forwarded-For": "203.0.113.9"}
    )

    assert response.status_code == 429
    assert response.json()["error"]["code"] == "throttled"
    assert 0 < int(response["Retry-After"]) <= 61
    assert not DeviceToken.objects.exists()


def test_signing_out_ends_this_sign_in_only(office: User, app_of: AppOf) -> None:
    here, there = app_of(office), app_of(office)

    assert here.call("post", "sign-out") == (204, None)

    assert here.error("get", "contacts") == (401, "signed_out")
    assert there.call("get", "contacts")[0] == 200


def test_a_device_can_be_signed_out_from_another(office: User, app_of: AppOf) -> None:
    here, lost = app_of(office), app_of(office)
    _, page = here.call("get", "devices")
    other = next(row for row in page["results"] if not row["is_this_device"])

    assert here.call("delete", f"devices/{other['uid']}") == (204, None)

    assert lost.error("get", "contacts") == (401, "signed_out")
    _, page = here.call("get", "devices")
    assert [row["is_this_device"] for row in page["results"]] == [True]


def test_the_devices_of_others_are_out_of_reach(
    office: User, engineer: User, app_of: AppOf
) -> None:
    issue_token(office, device="Tablet")
    theirs = DeviceToken.objects.get()
    app = app_of(engineer)

    _, page = app.call("get", "devices")
    refused = app.error("delete", f"devices/{theirs.uid}")

    assert [row["device"] for row in page["results"]] == ["Phone"]
    assert refused == (404, "not_found")
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_somebody_deactivated_is_out_at_once(office: User, office_app: App) -> None:
    change_user(office, {"is_active": False}, by=Actor.system("test"))

    assert office_app.error("get", "contacts") == (401, "signed_out")
    assert DeviceToken.objects.filter(revoked_at=None).count() == 0


def test_a_new_password_signs_every_device_out(office: User, office_app: App) -> None:
    set_password(office, "a-long-new-one-17", by=Actor.system("test"))

    assert office_app.error("get", "contacts") == (401, "signed_out")


def test_without_a_token_nothing_is_answered(office: User) -> None:
    response = APIClient().get("/api/v1/contacts")

    assert response.status_code == 401
    assert response.json()["error"]["code"] == "not_authenticated"
    assert response["WWW-Authenticate"] == 'Bearer realm="Fieldops"'


def test_a_session_of_the_office_pages_is_not_accepted(office: User) -> None:
    browser = Client()
    browser.force_login(office)

    assert browser.get("/api/v1/contacts").status_code == 401


def test_notes_when_a_device_was_last_seen(office: User, app_of: AppOf) -> None:
    app_of(office).call("get", "contacts")

    assert DeviceToken.objects.get().last_used_at is not None
