"""What is written in Django admin goes through the services: it is refused and logged
as everywhere else."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from customers.models import Contact
from customers.services import change_contact
from fieldops.common.models import ChangeEntry, Company, Record
from fieldops.common.permissions import Role
from fieldops.users.models import DeviceToken, User
from fieldops.users.tokens import issue_token
from invoicing.models import Account, InvoicingSettings
from tests.builders import TESTER, make_contact, make_draft, make_invoice, make_user


def form_at(client: Client, path: str) -> dict[str, Any]:
    """The fields of the page's form as a browser would send them back."""
    form = client.get(path).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {
        name: "" if value is None else value
        for name, value in values.items()
        if value is not False
    }


def save(client: Client, path: str, **changes: Any) -> Any:
    return client.post(path, form_at(client, path) | changes)


def last_entry(record: Record) -> ChangeEntry:
    return ChangeEntry.objects.of(record)[0]


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    errors: dict[str, list[str]] = response.context["adminform"].form.errors
    return errors


def test_a_change_is_written_to_the_change_log(
    administrator: User, administrator_client: Client
) -> None:
    contact = make_contact("Mary Doyle", notes="Gate code 17")

    response = save(
        administrator_client,
        f"/admin/customers/contact/{contact.pk}/change/",
        phone="01632 960001",
    )

    assert response.status_code == 302
    entry = last_entry(contact)
    assert (entry.user, entry.cause, entry.action) == (
        administrator,
        "in the admin",
        "changed",
    )
    assert (entry.before, entry.after) == ({"phone": ""}, {"phone": "01632 960001"})
    assert not LogEntry.objects.exists()


def test_a_new_contact_is_made_by_the_service(administrator_client: Client) -> None:
    response = save(
        administrator_client, "/admin/customers/contact/add/", name=" Mary Doyle "
    )

    contact = Contact.objects.get()
    assert response.status_code == 302
    assert (contact.name, contact.revision, contact.is_lead) == ("Mary Doyle", 1, True)
    assert last_entry(contact).action == "created"


def test_saving_over_somebody_elses_change_is_refused(
    administrator_client: Client,
) -> None:
    contact = make_contact("Mary Doyle")
    path = f"/admin/customers/contact/{contact.pk}/change/"
    typed = form_at(administrator_client, path) | {"phone": "1"}
    change_contact(contact, {"email": "mary@example.com"}, by=TESTER)

    response = administrator_client.post(path, typed)

    assert "Somebody changed this record" in errors_of(response)["__all__"][0]
    assert b'value="1"' in response.content
    contact.refresh_from_db()
    assert (contact.phone, contact.email, contact.revision) == (
        "",
        "mary@example.com",
        2,
    )


def test_archives_what_is_ticked(administrator_client: Client) -> None:
    contacts = [make_contact("Mary"), make_contact("Ann"), make_contact("Joe")]

    administrator_client.post(
        "/admin/customers/contact/",
        {"action": "archive", "_selected_action": [c.pk for c in contacts[:2]]},
    )

    archived = Contact.objects.filter(is_archived=True)
    assert {contact.name for contact in archived} == {"Mary", "Ann"}
    assert last_entry(contacts[0]).action == "archived"


def test_approves_what_can_be_and_says_why_not(administrator_client: Client) -> None:
    good, empty = make_draft(), make_draft(lines=[])

    response = administrator_client.post(
        "/admin/invoicing/invoice/",
        {"action": "approve", "_selected_action": [good.pk, empty.pk]},
        follow=True,
    )

    good.refresh_from_db()
    empty.refresh_from_db()
    assert (good.status, empty.status) == ("approved", "draft")
    assert sorted(str(message) for message in response.context["messages"]) == [
        "1 approved.",
        f"{empty}: Add at least one line before you approve the invoice.",
    ]


def test_an_approved_invoice_is_only_shown(administrator_client: Client) -> None:
    invoice = make_invoice()
    path = f"/admin/invoicing/invoice/{invoice.pk}/change/"

    page = administrator_client.get(path)
    refused = administrator_client.post(path, {"reference": "Other"})

    assert not page.context["has_change_permission"]
    assert b"Labour" in page.content
    assert refused.status_code == 403
    invoice.refresh_from_db()
    assert invoice.reference == ""


def test_the_head_of_a_draft_can_be_corrected(administrator_client: Client) -> None:
    draft = make_draft()
    path = f"/admin/invoicing/invoice/{draft.pk}/change/"
    lines = {f"lines-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}

    ok = save(administrator_client, path, reference="Boiler", **lines)
    refused = save(administrator_client, path, due_on="2026-01-01", **lines)

    assert ok.status_code == 302
    assert errors_of(refused) == {
        "due_on": ["The due date is before the invoice date."]
    }
    draft.refresh_from_db()
    assert (draft.reference, draft.lines.count(), str(draft.total)) == (
        "Boiler",
        1,
        "12.00",
    )


def test_a_new_account_of_the_chart(administrator_client: Client) -> None:
    path = "/admin/invoicing/account/add/"

    save(administrator_client, path, code="205", name="Service contracts")
    taken = save(administrator_client, path, code="200", name="Other")

    account = Account.objects.get(code="205")
    assert (account.type, account.revision) == ("REVENUE", 1)
    assert set(errors_of(taken)) == {"code"}
    assert Account.objects.get(code="200").name == "Sales"


@pytest.mark.parametrize(
    ("path", "row", "change"),
    [
        ("/admin/common/company/", Company, {"name": "Bridge Lifts Ltd"}),
        (
            "/admin/invoicing/invoicingsettings/",
            InvoicingSettings,
            {"number_prefix": "BL-"},
        ),
    ],
)
def test_settings_have_one_row_and_a_history(
    administrator_client: Client,
    path: str,
    row: type[Company] | type[InvoicingSettings],
    change: dict[str, str],
) -> None:
    page = administrator_client.get(path).headers["Location"]

    assert save(administrator_client, page, **change).status_code == 302

    assert last_entry(row.current()).after == change
    assert administrator_client.get(f"{path}add/").status_code == 403


def test_a_new_person_signs_in_with_the_password_given(
    administrator_client: Client,
) -> None:
    path = "/admin/users/user/add/"
    person = {"username": "ann", "role": "engineer", "is_active": "on"}

    weak = save(administrator_client, path, **person, new_password="12345678")
    none = save(administrator_client, path, **person)
    assert set(errors_of(weak)) == set(errors_of(none)) == {"new_password"}
    assert not User.objects.filter(username="ann").exists()

    save(administrator_client, path, **person, new_password="boiler-17-valve")

    ann = User.objects.get(username="ann")
    assert ann.check_password("boiler-17-valve")
    assert (ann.role, ann.is_active, ann.is_staff) == ("engineer", True, False)
    assert "password" not in last_entry(ann).after


def test_a_new_password_ends_devices_and_is_noted(
    office: User, administrator_client: Client
) -> None:
    issue_token(office, device="Phone")

    save(
        administrator_client,
        f"/admin/users/user/{office.pk}/change/",
        new_password="boiler-17-valve",
    )

    entry = last_entry(office)
    assert (entry.action, entry.before, entry.after) == ("password changed", {}, {})
    assert DeviceToken.objects.get().revoked_at is not None


def test_changing_ones_own_password_keeps_one_signed_in(
    administrator: User, administrator_client: Client
) -> None:
    save(
        administrator_client,
        f"/admin/users/user/{administrator.pk}/change/",
        new_password="boiler-17-valve",
    )

    assert administrator_client.get("/admin/").status_code == 200


def test_the_last_administrator_stays(
    administrator: User, administrator_client: Client
) -> None:
    path = f"/admin/users/user/{administrator.pk}/change/"

    refused = save(administrator_client, path, role=Role.OFFICE)
    assert "only administrator" in errors_of(refused)["role"][0]
    assert User.objects.get().role == Role.ADMINISTRATOR

    make_user(Role.ADMINISTRATOR)
    assert save(administrator_client, path, role=Role.OFFICE).status_code == 302
    assert User.objects.get(pk=administrator.pk).role == Role.OFFICE


def test_signs_a_device_out(office: User, administrator_client: Client) -> None:
    issue_token(office, device="Phone")
    issue_token(office, device="Tablet")
    phone = DeviceToken.objects.get(device="Phone")

    administrator_client.post(
        "/admin/users/devicetoken/",
        {"action": "sign_out", "_selected_action": [phone.pk]},
    )

    open_ones = DeviceToken.objects.filter(revoked_at=None)
    assert [token.device for token in open_ones] == ["Tablet"]


def test_the_history_button_leads_to_the_change_log(
    administrator_client: Client,
) -> None:
    mary, _ = make_contact("Mary"), make_contact("Ann")

    page = administrator_client.get(
        f"/admin/customers/contact/{mary.pk}/history/", follow=True
    )

    assert [entry.record_id for entry in page.context["cl"].result_list] == [mary.pk]


def test_the_change_log_is_only_shown(administrator_client: Client) -> None:
    entry = last_entry(make_contact("Mary"))
    path = f"/admin/common/changeentry/{entry.pk}/"

    assert administrator_client.get(f"{path}change/").status_code == 200
    assert administrator_client.post(f"{path}change/", {}).status_code == 403
    assert administrator_client.post(f"{path}delete/", {}).status_code == 403
    assert ChangeEntry.objects.filter(pk=entry.pk).exists()
