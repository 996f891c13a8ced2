"""The ledger as a process: it starts, keeps its word over kill -9, and ends politely."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.ledger import ROOT, EmptyLedger, PracticeLedger, free_port
from tests.sandbox.conftest import Books
from xero_sync.management.commands.xero_sandbox import demo_books
from xero_sync.sandbox.control import state

API = "/api.xro/2.0"


def test_it_opens_with_the_accountants_books() -> None:
    with PracticeLedger("--seed", "7") as ledger:
        first = ledger.state()
        page = requests.get(ledger.url, timeout=5)
        ended = ledger.stop(signal.SIGINT)
    books = Books()
    books.ledger.load_books(demo_books(7))
    second = state(books.ledger)

    assert first["contacts"] > 150
    for figure in ("contacts", "customers", "suppliers", "items", "invoices"):
        assert first[figure] == second[figure]
    assert first["sales_total"] == second["sales_total"]
    assert page.status_code == 200
    assert "Practice Company (UK)" in page.text
    assert "AC-0001" in page.text
    assert ended == 0


def test_a_port_that_is_taken_is_one_clear_line(server: PracticeLedger) -> None:
    command = [sys.executable, "manage.py", "xero_sandbox", "--port", str(server.port)]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr.decode().strip() == (
        f"CommandError: Port {server.port} is taken on 127.0.0.1."
    )


def test_everything_answered_survives_kill_9(tmp_path: Path) -> None:
    ledger = PracticeLedger("--empty", "--data", str(tmp_path / "ledger"))
    ledger.start()
    session = ledger.session()
    contacts = {"Contacts": [{"Name": f"Customer {n}"} for n in range(50)]}
    key = {"Idempotency-Key": "k1"}
    url = f"{ledger.url}{API}/Contacts"
    made = session.put(url, json=contacts, headers=key, timeout=5)
    session.post(
        f"{ledger.url}{API}/Contacts",
        json={"Name": "Customer 0", "ContactStatus": "ARCHIVED"},
        timeout=5,
    )
    before = ledger.state()
    ledger.kill()
    ledger.start()
    try:
        after = ledger.state()
        again = session.put(url, json=contacts, headers=key, timeout=5)
        rows = session.get(url, params={"page": 1}, timeout=5).json()["Contacts"]
    finally:
        ledger.stop()

    for name in (
        "tenant_id",
        "contacts",
        "archived_contacts",
        "connections",
        "accounts",
    ):
        assert after[name] == before[name]
    assert (after["contacts"], after["archived_contacts"]) == (49, 1)
    assert again.content == made.content
    assert len(rows) == 49


def test_books_that_break_a_rule_are_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "books.json"
    file.write_text(json.dumps({"Items": [{"Code": "x" * 31}]}))
    command = [sys.executable, "manage.py", "xero_sandbox", "--port", str(free_port())]

    ended = subprocess.run(
        [*command, "--books", str(file)], cwd=ROOT, capture_output=True, check=False
    )

    assert ended.returncode == 1
    assert "The Code must not be longer than 30 characters." in ended.stderr.decode()


def test_a_folder_another_ledger_keeps_is_one_clear_line(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "xero_sandbox", "--port", str(free_port())]

    with EmptyLedger(data=tmp_path):
        ended = subprocess.run(
            [*command, "--data", str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )

    assert ended.returncode == 1
    assert ended.stderr.decode().strip() == (
        f"CommandError: {tmp_path} cannot be opened: database is locked"
    )


def test_books_from_a_file(tmp_path: Path) -> None:
    books = {
        "Contacts": [
            {"Name": "Ann", "IsCustomer": True},
            {"Name": "Bea", "IsSupplier": True},
            {"Name": "Cyd", "ContactStatus": "ARCHIVED"},
        ],
        "Items": [{"Code": "X", "SalesDetails": {"UnitPrice": 1.2345}}],
        "Invoices": [
            {
                "Type": "ACCREC",
                "Status": "PAID",
                "Contact": {"Name": "Ann"},
                "Date": "2026-01-01",
                "DueDate": "2026-01-31",
                "LineItems": [
                    {"Description": "Work", "UnitAmount": 100, "AccountCode": "200"}
                ],
            }
        ],
    }
    file = tmp_path / "books.json"
    file.write_text(json.dumps(books))

    with PracticeLedger("--books", str(file)) as ledger:
        held = ledger.state()
        assert ledger.stop(signal.SIGTERM) == 0

    assert (held["contacts"], held["archived_contacts"]) == (2, 1)
    assert (held["customers"], held["suppliers"], held["items"]) == (1, 1, 1)
    assert held["invoices_by_status"] == {"PAID": 1}
    assert (held["sales_total"], held["sales_due"]) == ("120.00", "0.00")


def test_books_with_a_bad_row_change_nothing(server: PracticeLedger) -> None:
    before = server.state()["contacts"]
    books = {"Contacts": [{"Name": "Good one"}, {"Name": "Bad", "EmailAddress": "no"}]}

    answer = requests.post(f"{server.url}/sandbox/books", json=books, timeout=5)

    assert (answer.status_code, answer.text) == (
        400,
        "Bad: Email address must be valid.",
    )
    assert server.state()["contacts"] == before


@pytest.fixture(scope="module")
def core() -> Iterator[PracticeLedger]:
    """A ledger with Xero's limits, whose faults the tests switch on."""
    with EmptyLedger(tier="core") as ledger:
        yield ledger


def test_faults_on_the_wire(core: PracticeLedger) -> None:
    session = core.session()
    url = f"{core.url}{API}/Contacts"
    core.control("faults", kind="lose_answer", method="PUT")
    with pytest.raises(requests.ConnectionError):
        session.put(url, json={"Name": "Ann"}, timeout=5)
    assert core.state()["contacts"] == 1

    core.control("faults", kind="truncate")
    with pytest.raises(requests.RequestException):
        session.get(url, timeout=5)

    core.control("faults", kind="delay", delay_ms=300)
    started = time.monotonic()
    assert session.get(url, timeout=5).status_code == 200
    assert time.monotonic() - started >= 0.3


def test_a_sixth_call_in_flight_is_refused(core: PracticeLedger) -> None:
    headers = dict(core.session().headers)
    core.control("faults", kind="delay", delay_ms=2000, times=5)

    def call(_: int) -> requests.Response:
        url = f"{core.url}{API}/Organisation"
        return requests.get(url, headers=headers, timeout=5)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(8)))

    assert sorted(a.status_code for a in answers) == [200] * 5 + [429] * 3
    problems = {a.headers.get("X-Rate-Limit-Problem") for a in answers}
    assert problems == {None, "concurrent"}


def test_a_thousand_contacts_go_in_by_fifties_and_come_out_at_once(
    tmp_path: Path,
) -> None:
    with EmptyLedger(data=tmp_path) as ledger:
        session = ledger.session()
        url = f"{ledger.url}{API}/Contacts"
        for batch in range(20):
            rows = [{"Name": f"Contact {batch} {place}"} for place in range(50)]
            answer = session.put(url, json={"Contacts": rows}, timeout=30)
            assert answer.status_code == 200
        page = session.get(url, params={"page": 1, "pageSize": 1000}, timeout=30)

    assert len({contact["Name"] for contact in page.json()["Contacts"]}) == 1000
