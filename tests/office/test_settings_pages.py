"""Settings: company, invoicing defaults, the chart, users and roles."""

from decimal import Decimal

import pytest
from django.test import Client

from fieldops.common.models import ChangeEntry, Company
from fieldops.common.permissions import Role
from fieldops.users.models import User
from invoicing.models import Account, InvoicingSettings, TaxRate
from tests.builders import make_user
from tests.pages import main_of

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough secret"


def settings_fields(**values: str) -> dict[str, str]:
    return {
        "number_prefix": "INV-",
        "next_number": "1001",
        "payment_days": "30",
        "payment_terms": "DAYSAFTERBILLDATE",
        "sales_account_code": "200",
        "sales_tax_type": "OUTPUT2",
        "purchase_account_code": "300",
        "purchase_tax_type": "INPUT2",
        **values,
    }


def user_fields(**values: str) -> dict[str, str]:
    return {"username": "mary", "role": "office", "is_active": "on", **values}


# --- the way to the pages ---


def test_each_role_sees_the_cards_it_may_use(
    administrator_client: Client, office_client: Client, accountant_client: Client
) -> None:
    def titles(client: Client) -> set[str]:
        cards = client.get("/settings/").context["cards"]
        return {card["subject"].title for card in cards}

    assert {"Company", "Invoicing defaults", "Users and roles", "Import"} <= titles(
        administrator_client
    )
    assert titles(office_client) == {"Chart of accounts", "VAT rates", "Import"}
    assert titles(accountant_client) == {"Chart of accounts", "VAT rates"}


def test_every_card_leads_somewhere(administrator_client: Client) -> None:
    for card in administrator_client.get("/settings/").context["cards"]:
        assert administrator_client.get(card["url"]).status_code == 200, card["url"]


@pytest.mark.parametrize(
    "address",
    ["/settings/company/", "/settings/invoicing/", "/settings/users/"],
)
def test_settings_are_for_administrators(
    office_client: Client, accountant_client: Client, address: str
) -> None:
    assert office_client.get(address).status_code == 403
    assert accountant_client.get(address).status_code == 403


# --- company and invoicing defaults ---


def test_the_company_is_changed_with_a_line_of_history(
    administrator_client: Client,
) -> None:
    company = Company.current()

    administrator_client.post(
        "/settings/company/",
        {"name": "Harbour Heating", "revision": company.revision},
    )

    company.refresh_from_db()
    assert company.name == "Harbour Heating"
    entry = ChangeEntry.objects.of(company).first()
    assert entry is not None
    assert entry.before == {"name": "My company"}


def test_a_company_needs_a_name(administrator_client: Client) -> None:
    answer = administrator_client.post("/settings/company/", {"name": ""})

    assert answer.status_code == 422
    assert Company.current().name == "My company"


def test_invoicing_defaults_are_saved(administrator_client: Client) -> None:
    revision = str(InvoicingSettings.current().revision)

    administrator_client.post(
        "/settings/invoicing/",
        settings_fields(number_prefix="HH", payment_days="14", revision=revision),
    )

    saved = InvoicingSettings.current()
    assert (saved.number_prefix, saved.payment_days) == ("HH", 14)


def test_an_account_that_is_none_is_refused(administrator_client: Client) -> None:
    answer = administrator_client.post(
        "/settings/invoicing/", settings_fields(sales_account_code="999")
    )

    assert "sales_account_code" in answer.context["form"].errors
    assert InvoicingSettings.current().sales_account_code == "200"


# --- the chart ---


def test_the_office_reads_the_chart_and_the_accountant_changes_it(
    office_client: Client, accountant_client: Client
) -> None:
    sales = Account.objects.get(code="200")
    assert "New account" not in main_of(office_client, "/settings/accounts/")
    assert office_client.get(f"/settings/accounts/{sales.pk}/").status_code == 403

    accountant_client.post(
        f"/settings/accounts/{sales.pk}/",
        {"name": "Sales, heating", "type": "REVENUE", "tax_type": "OUTPUT2"},
    )

    sales.refresh_from_db()
    assert (sales.name, sales.is_active, sales.code) == (
        "Sales, heating",
        False,
        "200",
    )


def test_adds_an_account_but_not_twice(accountant_client: Client) -> None:
    fields = {"code": "210", "name": "Call-outs", "type": "REVENUE", "is_active": "on"}

    accountant_client.post("/settings/accounts/new/", fields)
    answer = accountant_client.post(
        "/settings/accounts/new/", fields | {"name": "Other"}
    )

    assert Account.objects.get(code="210").name == "Call-outs"
    assert "code" in answer.context["form"].errors


def test_adds_and_changes_a_vat_rate(accountant_client: Client) -> None:
    fields = {
        "tax_type": "TAX001",
        "name": "Heating 12.5%",
        "percent": "12.5%",
        "applies_to_revenue": "on",
        "is_active": "on",
    }
    accountant_client.post("/settings/vat-rates/new/", fields)
    rate = TaxRate.objects.get(tax_type="TAX001")
    assert (rate.percent, rate.applies_to_expenses) == (Decimal("12.5"), False)

    accountant_client.post(
        f"/settings/vat-rates/{rate.pk}/", fields | {"name": "Heating"}
    )
    rate.refresh_from_db()
    assert (rate.name, rate.tax_type) == ("Heating", "TAX001")


# --- users and roles ---


def test_adds_somebody_who_can_sign_in(
    administrator_client: Client, client: Client
) -> None:
    administrator_client.post(
        "/settings/users/new/", user_fields(new_password=PASSWORD)
    )

    mary = User.objects.get(username="mary")
    assert mary.role == Role.OFFICE
    assert client.login(username="mary", password=PASSWORD)


def test_a_weak_password_is_refused_at_its_field(administrator_client: Client) -> None:
    answer = administrator_client.post(
        "/settings/users/new/", user_fields(new_password="12345678")
    )

    assert "new_password" in answer.context["form"].errors
    assert not User.objects.filter(username="mary").exists()


def test_user_names_are_taken_without_regard_to_case(
    administrator_client: Client,
) -> None:
    make_user(username="Mary")

    answer = administrator_client.post(
        "/settings/users/new/", user_fields(new_password=PASSWORD)
    )

    assert answer.context["form"].errors == {
        "username": ["Somebody else has this user name."]
    }


def test_changes_a_role_and_tells_it_in_the_history(
    administrator_client: Client,
) -> None:
    mary = make_user(username="mary")

    administrator_client.post(
        f"/settings/users/{mary.pk}/", user_fields(role="accountant", revision="0")
    )

    mary.refresh_from_db()
    assert mary.role == Role.ACCOUNTANT
    (entry,) = administrator_client.get(f"/settings/users/{mary.pk}/").context[
        "history"
    ]
    assert [(c.label, c.before, c.after) for c in entry.changes] == [
        ("Role", "Office", "Accountant")
    ]


@pytest.mark.parametrize(
    "values", [{"role": "office"}, {"role": "administrator", "is_active": ""}]
)
def test_the_last_administrator_stays(
    administrator_client: Client, administrator: User, values: dict[str, str]
) -> None:
    answer = administrator_client.post(
        f"/settings/users/{administrator.pk}/",
        user_fields(username="administrator", revision="0", **values),
    )

    assert "the only administrator left" in answer.content.decode()
    administrator.refresh_from_db()
    assert (administrator.role, administrator.is_active) == ("administrator", True)


def test_sets_a_password(administrator_client: Client, client: Client) -> None:
    mary = make_user(username="mary")

    administrator_client.post(
        f"/settings/users/{mary.pk}/password/", {"new_password": PASSWORD}
    )

    assert client.login(username="mary", password=PASSWORD)
    assert not client.login(username="mary", password="practice")
