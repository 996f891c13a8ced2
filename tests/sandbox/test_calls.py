"""What every call passes: signing, tenant, scopes, limits, idempotency, batches, faults."""

import json

import pytest

from tests.sandbox.conftest import Books
from xero_sync.sandbox.http import request

ANN = {"Name": "Ann"}
NEVER = "aaaaaaaa-0000-4000-8000-000000000000"


def detail(books: Books, **headers: str) -> tuple[int, str]:
    status, body = books.call("GET", "/Contacts", **headers)
    return status, body["Detail"]


def test_tokens_tenants_and_scopes(books: Books) -> None:
    reader = books.ledger.identity.client_token(
        "practice-client", "accounting.contacts.read", books.org.tenant_id, ""
    )
    bearer = f"Bearer {reader['access_token']}"
    unknown = (401, "AuthenticationUnsuccessful")
    forbidden = (403, "AuthenticationUnsuccessful")

    assert detail(books, Authorization="") == unknown
    assert detail(books, Authorization="Bearer nonsense") == unknown
    assert detail(books, Xero_Tenant_Id=NEVER) == forbidden
    assert books.send("GET", "/Contacts", Authorization=bearer).status == 200
    refused = books.send("PUT", "/Contacts", ANN, Authorization=bearer)
    assert refused.status == 401
    assert json.loads(refused.body)["Detail"] == "AuthorizationUnsuccessful"
    books.clock.advance(minutes=30)
    expired = (401, "TokenExpired: token expired at 06/01/2026 12:30:00")
    assert detail(books) == expired
    assert len(books.org.contacts) == 0


def test_a_disconnected_tenant_is_forbidden(books: Books) -> None:
    (connection,) = books.ledger.identity.connections
    books.ledger.identity.connections.remove(connection.connection_id)

    assert detail(books) == (403, "AuthenticationUnsuccessful")


def test_what_no_endpoint_answers(books: Books) -> None:
    assert books.send("GET", "/Nonsense").status == 404
    assert books.send("POST", "/Organisation", {}).status == 501
    assert books.send("GET", "/Contacts", Accept="").status == 406
    assert books.send("PUT", "/Contacts", ANN, Accept="application/xml").status == 406
    assert len(books.org.contacts) == 0


@pytest.mark.parametrize("body", [b"", b"<Contacts/>", b"{", b"7", b'{"Contacts":[]}'])
def test_a_body_that_cannot_be_read_is_error_14(books: Books, body: bytes) -> None:
    call = request("PUT", "/api.xro/2.0/Contacts", headers=books.headers, body=body)

    response = books.sandbox.handle(call)

    assert response.status == 400
    assert json.loads(response.body)["ErrorNumber"] == 14


def test_the_envelope_key_is_read_in_any_case(books: Books) -> None:
    assert books.call("PUT", "/Contacts", {"contacts": [ANN]})[0] == 200
    assert books.call("PUT", "/Contacts", [{"Name": "Bea"}])[0] == 200
    assert books.call("PUT", "/Contacts", {"Name": "Cyd"})[0] == 200


@pytest.mark.parametrize("parameter", ["", "?summarizeErrors=true"])
def test_one_bad_element_refuses_the_request(books: Books, parameter: str) -> None:
    before = books.snapshot()
    elements = [{"Name": "Bea"}, {"Name": "Ann", "EmailAddress": "no"}]

    status, body = books.call("PUT", f"/Contacts{parameter}", elements)

    assert (status, body["ErrorNumber"]) == (400, 10)
    assert body["Message"] == "A validation exception occurred"
    (bad,) = body["Elements"]
    assert (bad["Name"], bad["HasValidationErrors"]) == ("Ann", True)
    assert bad["ContactID"] == "00000000-0000-0000-0000-000000000000"
    assert bad["ValidationErrors"] == [{"Message": "Email address must be valid."}]
    assert books.snapshot() == before


def test_each_element_by_itself(books: Books) -> None:
    elements = [{"Name": "Bea"}, {"Name": "Ann", "EmailAddress": "no"}, {"Name": "Cyd"}]

    status, body = books.call("PUT", "/Contacts?summarizeErrors=False", elements)

    assert (status, body["Status"]) == (200, "OK")
    outcomes = [row["StatusAttributeString"] for row in body["Contacts"]]
    assert outcomes == ["OK", "ERROR", "OK"]
    assert sorted(row.name for row in books.org.contacts) == ["Bea", "Cyd"]


# --- idempotency -------------------------------------------------------------------


def test_the_same_key_replays_and_creates_nothing(books: Books) -> None:
    first = books.send("PUT", "/Contacts", ANN, Idempotency_Key="k1")
    books.clock.advance(minutes=5, seconds=59)
    again = books.send("PUT", "/Contacts", ANN, Idempotency_Key="k1")

    assert (again.status, again.body) == (200, first.body)
    assert len(books.org.contacts) == 1


def test_errors_are_replayed_after_their_cause_is_gone(books: Books) -> None:
    books.made("/Contacts", ANN)
    assert books.call("PUT", "/Contacts", ANN, Idempotency_Key="k1")[0] == 400
    books.changed("/Contacts", {"Name": "Ann", "ContactStatus": "ARCHIVED"})

    assert books.call("PUT", "/Contacts", ANN, Idempotency_Key="k1")[0] == 400
    assert books.call("PUT", "/Contacts", ANN, Idempotency_Key="k2")[0] == 200


def test_the_key_with_another_request_is_refused(books: Books) -> None:
    books.send("PUT", "/Contacts", ANN, Idempotency_Key="k1")

    for method, path, body in (
        ("PUT", "/Contacts", {"Name": "Bea"}),
        ("POST", "/Contacts", ANN),
        ("PUT", "/Contacts?summarizeErrors=false", ANN),
    ):
        status, answer = books.call(method, path, body, Idempotency_Key="k1")
        assert status == 400
        assert answer["Message"] == (
            "Idempotency Key: k1 is used with a different request."
        )
    assert len(books.org.contacts) == 1


def test_after_six_minutes_the_key_counts_as_new(books: Books) -> None:
    books.send("PUT", "/Contacts", ANN, Idempotency_Key="k1")
    books.clock.advance(minutes=6)

    status, body = books.call("PUT", "/Contacts", ANN, Idempotency_Key="k1")

    assert (status, body["ErrorNumber"]) == (400, 10)
    assert len(books.ledger.journal.tables["idempotency"]) == 1


def test_a_key_may_have_128_characters(books: Books) -> None:
    assert books.send("PUT", "/Contacts", ANN, Idempotency_Key="k" * 128).status == 200
    other = {"Name": "Bea"}
    assert (
        books.send("PUT", "/Contacts", other, Idempotency_Key="k" * 129).status == 400
    )
    assert len(books.org.contacts) == 1


# --- limits ------------------------------------------------------------------------


def test_sixty_calls_a_minute(books: Books) -> None:
    books.ledger.limits.tier = "core"
    for left in range(59, -1, -1):
        response = books.send("GET", "/Organisation")
        assert response.headers["X-MinLimit-Remaining"] == str(left)
    books.clock.advance(seconds=34.5)

    refused = books.send("PUT", "/Contacts", ANN, Idempotency_Key="k1")

    assert (refused.status, refused.body) == (429, b"")
    assert "Content-Type" not in refused.headers
    assert refused.headers["X-Rate-Limit-Problem"] == "minute"
    assert refused.headers["Retry-After"] == "26"
    assert refused.headers["X-MinLimit-Remaining"] == "0"
    assert refused.headers["X-DayLimit-Remaining"] == "4940"
    assert refused.headers["X-AppMinLimit-Remaining"] == "9940"
    books.clock.advance(seconds=25.5)
    assert books.send("PUT", "/Contacts", ANN, Idempotency_Key="k1").status == 200


@pytest.mark.parametrize(("tier", "calls"), [("starter", 1000), ("core", 5000)])
def test_calls_a_day(tier: str, calls: int) -> None:
    books = Books(tier=tier)
    window = books.ledger.limits
    for _ in range(calls):
        assert window.check("a", "t", books.clock(), in_flight=1) is None
        books.clock.advance(seconds=1)

    refused = window.check("a", "t", books.clock(), in_flight=1)

    assert refused is not None
    assert refused.headers["X-Rate-Limit-Problem"] == "day"
    assert refused.headers["Retry-After"] == str(86400 - calls)
    assert window.check("a", "another tenant", books.clock(), in_flight=1) is None


def test_five_calls_in_flight(books: Books) -> None:
    books.ledger.limits.tier = "core"

    assert books.send("GET", "/Organisation", in_flight=5).status == 200
    refused = books.send("GET", "/Organisation", in_flight=6)

    assert refused.status == 429
    assert refused.headers["X-Rate-Limit-Problem"] == "concurrent"
    assert "Retry-After" not in refused.headers


def test_a_replay_counts(books: Books) -> None:
    books.ledger.limits.tier = "core"
    books.send("PUT", "/Contacts", ANN, Idempotency_Key="k1")
    again = books.send("PUT", "/Contacts", ANN, Idempotency_Key="k1")

    assert again.headers["X-MinLimit-Remaining"] == "58"


# --- faults ------------------------------------------------------------------------


def control(books: Books, action: str, **fields: object) -> None:
    response = books.sandbox.handle(books.control_request(action, fields))
    assert response.status == 200, response.body


def test_a_lost_answer_was_written_all_the_same(books: Books) -> None:
    control(books, "faults", kind="lose_answer", method="PUT", path="/Contacts")

    lost = books.send("PUT", "/Contacts", ANN, Idempotency_Key="k1")
    again = books.send("PUT", "/Contacts", ANN, Idempotency_Key="k1")

    assert (lost.lost, again.lost) == (True, False)
    assert again.body == lost.body
    assert len(books.org.contacts) == 1


def test_faults_pass_after_their_times(books: Books) -> None:
    control(books, "faults", kind="rate_limit", problem="day", retry_after=9, times=2)
    control(books, "faults", kind="offline")
    control(books, "faults", kind="token_expired")

    expired, offline, first, second, fine = (
        books.send("GET", "/Organisation") for _ in range(5)
    )

    assert expired.status == 401
    assert (offline.status, offline.body) == (503, b"The Organisation is offline")
    assert [r.status for r in (first, second, fine)] == [429, 429, 200]
    assert first.headers["X-Rate-Limit-Problem"] == "day"
    assert first.headers["Retry-After"] == "9"


def test_a_mixed_batch_may_have_kept_its_valid_elements(books: Books) -> None:
    control(books, "faults", kind="keep_valid")

    status, _ = books.call(
        "PUT", "/Contacts", [ANN, {"Name": "B", "EmailAddress": "no"}]
    )

    assert status == 400
    assert [row.name for row in books.org.contacts] == ["Ann"]


def test_the_log_counts_reads_writes_and_refusals(books: Books) -> None:
    made = books.made("/Contacts", ANN)
    books.rows("/Contacts")
    books.rows(f"/Contacts/{made['ContactID']}")
    books.send("GET", "/Contacts", Authorization="")

    counters = books.ledger.log.counters()

    assert (counters["reads"], counters["writes"], counters["refused"]) == (2, 1, 1)
    assert counters["by_path"] == {
        "GET /Contacts": 2,
        "GET /Contacts/{id}": 1,
        "PUT /Contacts": 1,
    }


def test_xeros_own_screens(books: Books) -> None:
    loser = books.made("/Contacts", {"Name": "Ann", "ContactNumber": "n1"})
    winner = books.made("/Contacts", {"Name": "Bea"})
    books.made("/Items", {"Code": "X"})
    books.made("/Invoices", {"Type": "ACCREC", "Contact": {"Name": "Ann"}})
    books.clock.advance(minutes=1)

    control(books, "contact/change", contact="Bea", EmailAddress="b@bea.example")
    control(books, "contact/merge", contact="Ann", into="Bea")
    control(books, "item/delete", item="X")

    assert books.rows("/Items") == []
    (merged,) = books.rows(f"/Contacts/{loser['ContactID']}")
    assert merged["MergedToContactID"] == winner["ContactID"]
    assert merged["ContactStatus"] == "ARCHIVED"
    (kept,) = books.rows("/Contacts?page=1")
    assert (kept["EmailAddress"], kept["IsCustomer"]) == ("b@bea.example", True)
    (moved,) = books.rows("/Invoices")
    assert moved["Contact"]["ContactID"] == winner["ContactID"]

    control(books, "contact/archive", contact="Bea")
    control(books, "contact/unarchive", contact="Bea")
    assert [row["Name"] for row in books.rows("/Contacts")] == ["Bea"]
