"""Upload, preview, confirm, result: the import in the browser."""

import csv
import io
import re
from datetime import timedelta
from typing import Any, Protocol

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Contact
from fieldops.common.models import ChangeEntry
from fieldops.imports import forms, kinds
from fieldops.imports.models import Upload
from fieldops.users.models import User
from tests.builders import make_contact
from tests.conftest import SignIn
from tests.imports.files import csv_text, invoice_row, table_sizes

PEOPLE = (
    "*ContactName,AccountNumber,Shoe size\n"
    "Ada Lovelace,A1,38\n"
    ",A2,39\n"
    "Babbage Engines,A1,40\n"
    "Known,K1,41\n"
)


def upload(client: Client, content: str | bytes, kind: str = "contacts") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("people.csv", raw, "text/csv")
    return client.post(reverse("fieldops:import"), {"kind": kind, "file": file})


def preview_url() -> str:
    return reverse("fieldops:import-preview", args=[Upload.objects.get().uid])


def confirm_url() -> str:
    return reverse("fieldops:import-confirm", args=[Upload.objects.get().uid])


class Page(Protocol):
    @property
    def content(self) -> bytes: ...


def text_of(response: Page) -> str:
    bare = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(bare.split())


@pytest.fixture
def known(db: None) -> Contact:
    return make_contact("Known", account_number="K1")


def test_the_preview_says_what_will_happen_and_writes_nothing(
    office_client: Client, known: Contact
) -> None:
    before = table_sizes()
    response = upload(office_client, PEOPLE)
    assert response.status_code == 302
    assert response["Location"] == preview_url()
    text = text_of(office_client.get(preview_url()))
    assert "Nothing has been written yet" in text
    assert "Import 2 contacts" in text
    assert "Shoe size this column is not imported" in text
    assert "2 Ada Lovelace Will be created" in text
    assert "Line 3, ContactName : is blank" in text
    assert "A1 is already recorded against Ada Lovelace" in text
    assert "5 Known Already here" in text
    assert table_sizes() == before


def test_confirming_imports_and_shows_what_came_of_it(
    office_client: Client, office: User, known: Contact
) -> None:
    upload(office_client, PEOPLE)
    response = office_client.post(confirm_url(), follow=True)
    text = text_of(response)
    assert "people.csv was imported." in text
    assert "2 Ada Lovelace Created" in text
    assert "Import 2 contacts" not in text
    assert Contact.objects.count() == 3
    entry = ChangeEntry.objects.of(Contact.objects.get(name="Ada Lovelace")).get()
    assert (entry.user, entry.cause) == (office, "import of people.csv")


def test_confirming_twice_imports_once(office_client: Client, known: Contact) -> None:
    upload(office_client, PEOPLE)
    office_client.post(confirm_url(), follow=True)
    before = table_sizes()
    text = text_of(office_client.post(confirm_url(), follow=True))
    assert "was imported." not in text
    assert "2 Ada Lovelace Created" in text
    assert table_sizes() == before


def test_an_import_that_is_running_is_not_started_again(
    office_client: Client, known: Contact
) -> None:
    upload(office_client, PEOPLE)
    Upload.objects.update(started_at=timezone.now())
    before = table_sizes()
    office_client.post(confirm_url())
    assert table_sizes() == before
    Upload.objects.update(started_at=timezone.now() - timedelta(minutes=11))
    office_client.post(confirm_url())
    assert Contact.objects.count() == 3


def test_confirming_plans_again(office_client: Client, known: Contact) -> None:
    upload(office_client, PEOPLE)
    make_contact("Ada Lovelace", account_number="A1")
    text = text_of(office_client.post(confirm_url(), follow=True))
    assert "2 Ada Lovelace Already here" in text
    assert Contact.objects.filter(name="Ada Lovelace").count() == 1


def test_the_preview_shows_what_is_asked_for(
    office_client: Client, known: Contact
) -> None:
    upload(office_client, PEOPLE)
    refused = text_of(office_client.get(preview_url(), {"show": "refused"}))
    assert "is blank" in refused
    assert "Babbage" not in refused
    warned = text_of(office_client.get(preview_url(), {"show": "warnings"}))
    assert "Babbage Engines" in warned
    assert "is blank" not in warned
    nothing = text_of(office_client.get(preview_url(), {"show": "changed"}))
    assert "No such rows" in nothing


def test_long_files_are_shown_in_pages(office_client: Client) -> None:
    rows = [{"ContactName": f"Contact {n:03d}"} for n in range(51)]
    upload(office_client, csv_text(rows))
    first, second = (
        text_of(office_client.get(preview_url(), {"page": page})) for page in "12"
    )
    assert "Contact 049" in first
    assert "Contact 050" not in first
    assert "Contact 050" in second


def test_refused_rows_come_back_with_their_reasons(office_client: Client) -> None:
    rows = [
        invoice_row("INV-1", ContactName="Zoë"),
        invoice_row("INV-1", ContactName="Zoë", Quantity="x"),
        invoice_row("INV-2"),
    ]
    upload(office_client, csv_text(rows), "invoices")
    response = office_client.get(preview_url(), {"download": "refused"})
    assert (
        response["Content-Disposition"] == 'attachment; filename="refused-invoices.csv"'
    )
    back = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row.pop("Reason") for row in back] == [
        "line 2: refused with line 3",
        'line 3: Quantity: "x" is not a number (write it like 1,234.50)',
    ]
    assert back == rows[:2]


def test_the_refused_rows_can_be_corrected_and_imported(office_client: Client) -> None:
    upload(office_client, PEOPLE)
    office_client.post(confirm_url())
    response = office_client.get(preview_url(), {"download": "refused"})
    corrected = response.content.decode().replace(",A2", "Cleo,A2")
    Upload.objects.all().delete()
    upload(office_client, corrected)
    text = text_of(office_client.get(preview_url()))
    assert "Import 1 contact" in text
    assert "Reason this column" not in text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04rest", "This is an Excel workbook or a ZIP archive"),
        (b"Ada,Leeds\n", "The first line does not name the columns."),
        (b"*ContactName,*InvoiceNumber\nAda,1\n", "looks like a file of invoices"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(
    office_client: Client, content: bytes, says: str
) -> None:
    response = upload(office_client, content)
    assert response.status_code == 422
    assert says in text_of(response)
    assert not Upload.objects.exists()


def test_a_file_that_is_too_large_is_refused(
    office_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MOST_BYTES", 10)
    response = upload(office_client, PEOPLE)
    assert response.status_code == 422
    assert "The file is larger than 10 MB." in text_of(response)
    assert kinds.MOST_BYTES == 10 * 1024 * 1024


def test_more_rows_than_a_page_can_wait_for_are_refused(
    office_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "MOST_ROWS_OF_A_PAGE", 3)
    response = upload(office_client, PEOPLE)
    assert response.status_code == 422
    assert "The file has 4 rows; 3 at most" in text_of(response)


def test_the_kind_and_the_file_must_be_chosen(office_client: Client) -> None:
    response = office_client.post(reverse("fieldops:import"), {})
    assert response.status_code == 422
    text = text_of(response)
    assert "Choose what the file holds." in text
    assert "Choose a file." in text


def test_the_kind_can_be_given_in_the_address(office_client: Client) -> None:
    response = office_client.get(reverse("fieldops:import"), {"kind": "items"})
    assert response.context["form"]["kind"].value() == "items"


def test_an_upload_belongs_to_the_person_who_made_it(
    office_client: Client, administrator_client: Client, known: Contact
) -> None:
    upload(office_client, PEOPLE)
    before = table_sizes()
    assert administrator_client.get(preview_url()).status_code == 404
    assert administrator_client.post(confirm_url()).status_code == 404
    assert table_sizes() == before


def test_without_the_right_nothing_can_be_imported(
    engineer_client: Client, office: User, sign_in: SignIn
) -> None:
    assert engineer_client.get(reverse("fieldops:import")).status_code == 403
    assert upload(engineer_client, PEOPLE).status_code == 403
    upload(sign_in(office), PEOPLE)
    assert engineer_client.get(preview_url()).status_code == 403
    assert engineer_client.post(confirm_url()).status_code == 403
    assert not Contact.objects.exists()


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, db: None) -> None:
    response = client.get(reverse("fieldops:import"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


def test_uploads_are_forgotten_after_a_day(office_client: Client) -> None:
    upload(office_client, PEOPLE)
    Upload.objects.update(created_at=timezone.now() - timedelta(hours=25))
    upload(office_client, PEOPLE)
    assert Upload.objects.count() == 1


def test_the_answer_to_a_confirmation_by_get_is_no(office_client: Client) -> None:
    upload(office_client, PEOPLE)
    assert office_client.get(confirm_url()).status_code == 405
