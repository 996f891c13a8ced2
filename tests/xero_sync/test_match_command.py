"""`manage.py match` on files: what it reads, what it writes, and what it refuses."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from xero_sync.matching.files.contacts import our_contacts, xero_contacts

ROOT = Path(__file__).resolve().parents[2]
NO_DATABASE = "postgres://nobody@127.0.0.1:1/nothing"

OURS = {
    "id": "c-1",
    "account_no": "R100",
    "is_company": True,
    "name": "Rushworth Heating Ltd",
    "first_name": "Ann",
    "last_name": "Rushworth",
    "email": "office@rushworth.example",
    "phone": "0113 496 0101",
    "address1": "12 Mill Lane",
    "town": "Leeds",
    "postcode": "LS1 4AB",
    "archived": False,
}
THEIRS = {
    "ContactID": "x-1",
    "ContactStatus": "ACTIVE",
    "Name": "Rushworth Heating Limited",
    "EmailAddress": "office@rushworth.example",
    "AccountNumber": "R100",
    "Phones": [
        {
            "PhoneType": "DEFAULT",
            "PhoneCountryCode": "44",
            "PhoneAreaCode": "0113",
            "PhoneNumber": "4960101",
        },
        {"PhoneType": "FAX", "PhoneNumber": None},
        None,
    ],
    "Addresses": [
        {"AddressType": "STREET"},
        {"AddressType": "POBOX", "AddressLine1": "12 Mill Ln", "PostalCode": "LS1 4AB"},
    ],
    "ContactPersons": None,
    "SomethingNew": {"nested": [1]},
}
OUR_ITEM = {"id": 7, "part_number": "EL-22", "name": "Elbow 22mm brass", "mpn": None}
THEIR_ITEM = {
    "ItemID": "i-1",
    "Code": "EL-22",
    "Name": "Brass elbow 22 mm",
    "SalesDetails": {"UnitPrice": 3.5},
    "PurchaseDetails": None,
}


class Files:
    """A folder with the two lists in it."""

    def __init__(self, folder: Path) -> None:
        self.left, self.right, self.out = (
            folder / name for name in ("ours.jsonl", "xero.json", "links.jsonl")
        )

    def write(self, ours: list[Any], document: object) -> None:
        self.left.write_text("".join(f"{json.dumps(row)}\n" for row in ours))
        self.right.write_text(json.dumps(document))

    def arguments(self, kind: str) -> list[str]:
        return [
            *("match", "--kind", kind, "--left", str(self.left)),
            *("--right", str(self.right), "--out", str(self.out)),
        ]

    def match(self, kind: str) -> str:
        said = StringIO()
        call_command(*self.arguments(kind), stdout=said)
        return said.getvalue()

    def refused(self, kind: str) -> str:
        with pytest.raises(CommandError) as refusal:
            self.match(kind)
        folder = self.out.parent
        assert {path.name for path in folder.iterdir()} <= {"ours.jsonl", "xero.json"}
        message = str(refusal.value)
        assert "\n" not in message
        return message.replace(f"{folder}/", "")

    @property
    def links(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.read_text().splitlines()]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_contacts_are_linked_without_any_database(files: Files) -> None:
    files.write([OURS], {"Contacts": [THEIRS]})

    done = subprocess.run(
        [sys.executable, "manage.py", *files.arguments("contacts")],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": NO_DATABASE},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 of ours and 1 of Xero's: 1 linked, 0 pairs")
    (link,) = files.links
    assert list(link) == ["left_id", "right_id", "decision", "score", "reasons"]
    assert (link["left_id"], link["right_id"], link["decision"]) == (
        "c-1",
        "x-1",
        "auto",
    )


def test_what_is_wrong_is_one_line_and_ends_with_1(files: Files) -> None:
    files.write([OURS], {"Contacts": [THEIRS]})
    files.left.write_text('{"id": "c-1"}\n\n{"id": \n')

    done = subprocess.run(
        [sys.executable, "manage.py", *files.arguments("contacts")],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": NO_DATABASE},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "ours.jsonl, line 3: not JSON" in done.stderr
    assert not files.out.exists()


def test_items_keep_the_type_of_their_id_and_their_reasons_add_up(files: Files) -> None:
    files.write([OUR_ITEM], {"Items": [THEIR_ITEM]})

    files.match("items")

    (link,) = files.links
    assert (link["left_id"], link["right_id"], link["decision"]) == (7, "i-1", "auto")
    assert [reason.rsplit(" (", 1)[0] for reason in link["reasons"]] == [
        "same code",
        "name differs: '22mm' here, '22 mm' in Xero",
        "one of so many",
    ]
    told = [float(reason.rsplit("(", 1)[1][:-1]) for reason in link["reasons"]]
    assert sum(told) == pytest.approx(link["score"], abs=0.2)


def test_ids_may_be_numbers_and_texts_in_one_list(files: Files) -> None:
    other = {**OURS, "name": "Ben Okafor", "account_no": "R9", "email": "b@o.example"}
    twin = {"ContactID": "x-2", "Name": "Ben Okafor", "EmailAddress": "b@o.example"}
    files.write([{**OURS, "id": 1}, {**other, "id": "1"}], {"Contacts": [THEIRS, twin]})

    files.match("contacts")

    assert {(link["left_id"], link["right_id"]) for link in files.links} == {
        (1, "x-1"),
        ("1", "x-2"),
    }


def test_a_contact_of_xero_is_read_whole(files: Files) -> None:
    files.write([], {"Contacts": [THEIRS]})

    (contact,) = xero_contacts(files.right)

    assert contact.draft.phone == "44 0113 4960101"
    assert contact.draft.address_line1 == "12 Mill Ln"
    assert contact.other_places == ()
    assert contact.is_archived is False


def test_one_merged_into_another_is_nobodys_twin(files: Files) -> None:
    merged = {**THEIRS, "ContactStatus": "ARCHIVED", "MergedToContactID": "x-9"}
    files.write([OURS], {"Contacts": [merged]})

    files.match("contacts")

    assert files.links == []


def test_numbers_and_texts_stand_in_for_one_another(files: Files) -> None:
    row = {
        "id": 1,
        "account_no": 1001,
        "name": " A\tB ",
        "archived": "yes",
        "town": None,
    }
    files.write([row], {"Contacts": []})

    (contact,) = our_contacts(files.left)

    assert contact.local_id == 1
    assert (contact.draft.account_number, contact.draft.name) == ("1001", "A B")
    assert contact.is_archived is True


def test_a_byte_order_mark_is_no_part_of_the_list(files: Files) -> None:
    files.left.write_bytes(b"\xef\xbb\xbf" + json.dumps(OUR_ITEM).encode())
    files.right.write_bytes(
        b"\xef\xbb\xbf" + json.dumps({"Items": [THEIR_ITEM]}).encode()
    )

    files.match("items")

    assert len(files.links) == 1


@pytest.mark.parametrize(
    ("kind", "ours", "document"),
    [
        ("contacts", [], {"Contacts": [THEIRS]}),
        ("contacts", [OURS], {"Contacts": []}),
        ("contacts", [OURS], {"Contacts": None}),
        ("items", [OUR_ITEM], {"Items": []}),
        ("items", [], {"Items": []}),
    ],
)
def test_an_empty_list_links_nothing(
    files: Files, kind: str, ours: list[Any], document: object
) -> None:
    files.write(ours, document)

    assert ": 0 linked, 0 pairs to decide" in files.match(kind)
    assert files.out.read_bytes() == b""


def test_two_runs_write_the_same_bytes(files: Files) -> None:
    ours = [{**OUR_ITEM, "id": number} for number in range(4)]
    files.write(ours, {"Items": [THEIR_ITEM, {**THEIR_ITEM, "ItemID": "i-2"}]})

    files.match("items")
    first = files.out.read_bytes()
    files.match("items")

    assert files.out.read_bytes() == first
    assert [link["decision"] for link in files.links] == ["review"] * 8


@pytest.mark.parametrize(
    ("kind", "line", "message"),
    [
        ("contacts", "{", "ours.jsonl, line 2: not JSON"),
        ("contacts", "[]", "ours.jsonl, line 2: Expected `object`, got `array`"),
        ("contacts", '{"name": "A"}', 'ours.jsonl, line 2: no "id".'),
        ("contacts", '{"id": ""}', 'ours.jsonl, line 2: no "id".'),
        ("contacts", '{"id": 1.5}', "ours.jsonl, line 2: Expected `int | str | null`"),
        ("contacts", '{"id": "c-1"}', 'line 2: "id" c-1 is that of line 1 as well.'),
        ("contacts", '{"id": 2, "name": []}', "ours.jsonl, line 2: Expected"),
        ("contacts", '{"id": 2, "mpn": ""}', "line 2: an item, not a contact."),
    ],
)
def test_a_line_that_cannot_be_used_is_named(
    files: Files, kind: str, line: str, message: str
) -> None:
    files.write([OURS], {"Contacts": [THEIRS]})
    files.left.write_text(f"{json.dumps(OURS)}\n{line}\n")

    assert message in files.refused(kind)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", 'xero.json is empty: {"Contacts": [...]} is expected.'),
        (b"[]", "xero.json: Expected `object`, got `array`."),
        (b'{"Items": []}', 'xero.json has no "Contacts".'),
        (b'{"Contacts": {}}', "Expected `array | null`, got `object`"),
        (b'{"Contacts": [{"Name": "A"}]}', 'contact 1: no "ContactID".'),
        (b'{"Contacts": [{"ContactID": "a", "Phones": 5}]}', "Contacts[0]: Expected"),
        (
            b'{"Contacts": [{"ContactID": "a"}, {"ContactID": "a"}]}',
            'contact 2: "ContactID" a is that of contact 1 as well.',
        ),
        ("{}".encode("utf-16"), "xero.json: not UTF-8."),
        (b'{"Contacts": [{"ContactID": "a", "Name": "\xff"}]}', "not UTF-8."),
        (b'{"Contacts": [{"ContactID": "a"}', "xero.json: not JSON"),
    ],
)
def test_a_document_that_cannot_be_used_is_refused(
    files: Files, content: bytes, message: str
) -> None:
    files.write([OURS], {})
    files.right.write_bytes(content)

    assert message in files.refused("contacts")


def test_a_contact_is_no_item(files: Files) -> None:
    files.write([OURS], {"Items": [THEIR_ITEM]})

    assert files.refused("items") == "ours.jsonl, line 1: a contact, not an item."


def test_a_list_that_is_not_there_is_refused(files: Files) -> None:
    files.write([OURS], {"Contacts": []})
    files.left.unlink()

    assert files.refused("contacts") == (
        "ours.jsonl cannot be read: No such file or directory."
    )


def test_a_list_is_not_written_over(files: Files) -> None:
    files.write([OURS], {"Contacts": []})
    before = files.left.read_bytes()
    files.out = files.left

    with pytest.raises(CommandError, match="would be written over"):
        files.match("contacts")
    assert files.left.read_bytes() == before


def test_links_of_before_stay_when_a_list_is_refused(files: Files) -> None:
    files.write([OURS], {"Contacts": []})
    files.left.write_text("{")
    files.out.write_text("before\n")

    with pytest.raises(CommandError, match="line 1: not JSON"):
        files.match("contacts")
    assert files.out.read_text() == "before\n"
