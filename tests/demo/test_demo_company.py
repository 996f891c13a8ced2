"""``manage.py demo_company``: a whole company in an empty database, and in no other."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from customers.models import Contact
from fieldops.common.models import ChangeEntry, Company
from fieldops.common.permissions import Role
from fieldops.demo import company as demo
from fieldops.management.commands import demo_company
from fieldops.users.demo import DEMO_PASSWORD, demo_sign_ins
from fieldops.users.models import User
from invoicing.models import Account, Invoice, TaxRate
from invoicing.starter_chart import ACCOUNTS, TAX_RATES
from stock.models import StockItem
from tests.builders import make_contact, make_user
from tests.imports.files import table_sizes


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same company, smaller: the whole one is made by every fresh start."""
    make = demo.make_company

    def make_small(seed: int, today: Any) -> demo.DemoCompany:
        return make(seed, today, contacts=60, items=40, invoices=60)

    monkeypatch.setattr(demo, "make_company", make_small)


def made() -> str:
    out = StringIO()
    call_command("demo_company", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_makes_the_company_its_people_and_imports_a_year_of_records(
    small: None,
) -> None:
    made()
    assert Company.current().name == "Calder & Thorne Building Services Ltd"
    assert dict(User.objects.values_list("username", "role")) == {
        "administrator": Role.ADMINISTRATOR,
        "office": Role.OFFICE,
        "engineer": Role.ENGINEER,
        "accountant": Role.ACCOUNTANT,
    }
    assert all(user.check_password(DEMO_PASSWORD) for user in User.objects.all())
    assert demo_sign_ins() == ["administrator", "office", "engineer", "accountant"]
    assert User.objects.get(is_staff=True).username == "administrator"
    by_status = Invoice.objects.order_by().values_list("status").annotate(Count("id"))
    assert dict(by_status) == {"approved": 60, "draft": 2, "cancelled": 1}
    assert Invoice.objects.get(status="cancelled").number == "INV-1001"
    assert Contact.objects.leads().count() == 9
    reordered = StockItem.objects.filter(reorder_level__isnull=False)
    assert reordered.count() == 14
    assert all(item.preferred_supplier for item in reordered)
    causes = set(ChangeEntry.objects.values_list("cause", flat=True))
    assert {cause for cause in causes if cause.startswith("import")} == {
        "import of contacts.csv",
        "import of suppliers.csv",
        "import of items.csv",
        "import of invoices.csv",
    }


@pytest.mark.django_db
def test_refuses_a_database_with_users() -> None:
    make_user()
    before = table_sizes()
    with pytest.raises(CommandError, match="This database has users already"):
        made()
    assert table_sizes() == before


@pytest.mark.django_db
def test_a_company_that_cannot_be_finished_is_not_begun(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise CommandError("interrupted")

    monkeypatch.setattr(demo_company, "write_invoices", fail)
    before = table_sizes()
    with pytest.raises(CommandError, match="interrupted"):
        made()
    assert table_sizes() == before
    assert not User.objects.exists()


@pytest.mark.django_db
def test_reset_is_refused_outside_the_demo() -> None:
    make_contact("Ada")
    with pytest.raises(CommandError, match="FIELDOPS_DEMO"):
        call_command("demo_company", "--reset")
    assert Contact.objects.get().name == "Ada"


@pytest.mark.django_db(transaction=True)
def test_reset_deletes_everything_but_the_starter_chart(
    small: None, settings: Any
) -> None:
    settings.FIELDOPS_DEMO = True
    make_user()
    make_contact("Ada")
    Account.objects.filter(code="200").delete()
    call_command("demo_company", "--reset", stdout=StringIO())
    assert not Contact.objects.filter(name="Ada").exists()
    assert User.objects.count() == 4
    assert Account.objects.count() == len(ACCOUNTS)
    assert TaxRate.objects.count() == len(TAX_RATES)
