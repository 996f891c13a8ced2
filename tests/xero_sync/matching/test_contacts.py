"""Sure twins, plausible ones, and records that have nothing to do with each other."""

from dataclasses import replace
from typing import Any

import pytest

from xero_sync.matching.contacts import ContactCandidate, Match, match_contacts
from xero_sync.matching.pairing import LocalId
from xero_sync.outcomes.drafts import ContactDraft

RUSHWORTH = ContactDraft(
    name="Rushworth Heating",
    email="office@rushworth.example",
    account_number="C1001",
    tax_number="GB123456789",
    phone="01632 960627",
    address_line1="107 Park Row",
    address_city="Leeds",
    address_postcode="LS1 1PR",
)
# What each key alone leaves of the record on the other side.
ALONE: dict[str, dict[str, str]] = {
    "same account number": {"account_number": "c1001"},
    "same VAT number": {"tax_number": "123 4567 89"},
    "same email address": {"email": "Office@Rushworth.example"},
    "same phone number": {"mobile": "+44 1632 960 627"},
    "same address": {
        "address_line1": "107, Park Row",
        "address_city": "Leeds",
        "address_postcode": "ls11pr",
    },
}


def ours(*drafts: ContactDraft, **flags: Any) -> list[ContactCandidate]:
    return [
        ContactCandidate(draft, local_id=number, **flags)
        for number, draft in enumerate(drafts, start=1)
    ]


def theirs(*drafts: ContactDraft, **flags: Any) -> list[ContactCandidate]:
    return [
        ContactCandidate(draft, xero_id=f"x{number}", **flags)
        for number, draft in enumerate(drafts, start=1)
    ]


def draft(name: str, **fields: str) -> ContactDraft:
    return ContactDraft(name=name, **fields)  # type: ignore[arg-type]


def one_match(mine: ContactDraft, other: ContactDraft) -> Match | None:
    found = match_contacts(ours(mine), theirs(other))
    assert len(found) <= 1
    return found[0] if found else None


def pairs(found: list[Match], *, certain: bool) -> list[tuple[LocalId, str]]:
    return [(one.local_id, one.xero_id) for one in found if one.certain is certain]


# --- certain ---


@pytest.mark.parametrize("reason", ALONE)
@pytest.mark.parametrize(
    "name",
    [
        "Rushworth Heating Ltd",
        "RUSHWORTH HEATING",
        "Rusworth Heating",
        "Heating Rushworth",
    ],
)
def test_a_similar_name_and_one_key_are_a_sure_pair(reason: str, name: str) -> None:
    match = one_match(RUSHWORTH, draft(name, **ALONE[reason]))

    assert match is not None
    assert match.certain
    assert match.reasons[0] == reason
    assert len(match.reasons) == 2


def test_says_all_that_agrees_and_how_the_name_differs() -> None:
    other = replace(RUSHWORTH, name="Rushworth Heating Ltd")

    (match,) = match_contacts(ours(RUSHWORTH), theirs(other))

    assert (match.local_id, match.xero_id, match.certain) == (1, "x1", True)
    assert match.reasons == (
        "same account number",
        "same VAT number",
        "same email address",
        "same phone number",
        "same address",
        "name differs by 'Ltd'",
    )
    assert match.score > 40


def test_an_e_mail_address_that_the_settings_did_not_choose_counts() -> None:
    mine = ContactCandidate(
        draft("Acme Lifts"), local_id=1, other_emails=("pay@acme.example",)
    )

    (match,) = match_contacts(
        [mine], theirs(draft("Acme Lifts", email="pay@acme.example"))
    )

    assert match.certain


def test_a_town_stands_in_for_a_postcode_that_neither_has() -> None:
    cork = draft(
        "Hungry Owl Grocers", address_line1="8 Johnstown Road", address_city="Cork"
    )

    match = one_match(cork, replace(cork, name="Hungry Owl Grocers Ltd"))

    assert match is not None
    assert match.certain


def test_members_of_a_household_find_each_their_own() -> None:
    home = {
        "phone": "01632 960001",
        "address_line1": "1 Elm Close",
        "address_postcode": "A1 1AA",
    }
    john, joan, anna = (
        draft(f"{name} Smith", **home) for name in ("John", "Joan", "Anna")
    )

    found = match_contacts(ours(john, joan, anna), theirs(anna, joan, john))

    assert pairs(found, certain=True) == [(1, "x3"), (2, "x2"), (3, "x1")]
    assert pairs(found, certain=False) == []


def test_one_of_a_household_is_not_linked_to_another() -> None:
    match = one_match(
        draft("John Smith", phone="01632 960001"),
        draft("Joan Smith", phone="01632960001"),
    )

    assert match is not None
    assert not match.certain


# --- doubtful ---


def test_an_equal_name_alone_is_for_a_person_to_decide() -> None:
    match = one_match(draft("Acme Lifts"), draft("Acme Lifts Ltd"))

    assert match is not None
    assert not match.certain
    assert not match.likely
    assert match.reasons == ("name differs by 'Ltd'", "nothing else in common")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tax_number": "GB999999999"}, "different VAT numbers"),
        (
            {
                "phone": "01482 960001",
                "address_line1": "9 Quay Street",
                "address_postcode": "HU1 1AA",
                "account_number": "",
                "tax_number": "",
            },
            "different addresses",
        ),
    ],
)
def test_what_speaks_against_it_holds_a_sure_pair_back(
    changes: dict[str, str], reason: str
) -> None:
    match = one_match(RUSHWORTH, replace(RUSHWORTH, **changes))  # type: ignore[arg-type]

    assert match is not None
    assert not match.certain
    assert reason in match.reasons


def test_another_account_number_wants_two_more_things_in_common() -> None:
    mine = draft(
        "Acme Lifts", account_number="C1", phone="01632 960001", email="a@b.example"
    )
    one_key = draft("Acme Lifts", account_number="C2", phone="01632 960001")
    two_keys = replace(one_key, email="a@b.example")

    less, more = one_match(mine, one_key), one_match(mine, two_keys)

    assert less is not None
    assert more is not None
    assert (less.certain, more.certain) == (False, True)


def test_a_branch_with_the_office_s_e_mail_is_not_linked_by_it() -> None:
    office = {"email": "accounts@baker.example"}
    leeds = draft(
        "Baker Lettings", address_line1="1 A St", address_postcode="LS1 1PR", **office
    )
    hull = draft(
        "Baker Lettings", address_line1="9 B St", address_postcode="HU1 1AA", **office
    )

    match = one_match(leeds, hull)

    assert match is not None
    assert not match.certain


@pytest.mark.parametrize("field", ["email", "tax_number"])
def test_one_e_mail_or_vat_number_under_two_names(field: str) -> None:
    value = {"email": "boss@firm.example", "tax_number": "GB123456789"}[field]

    match = one_match(
        draft("Old Name", **{field: value}), draft("Trading Anew", **{field: value})
    )

    assert match is not None
    assert not match.certain
    assert match.reasons[1] == "name differs: 'Old Name' here, 'Trading Anew' in Xero"


def test_an_account_number_under_another_name_is_no_twin() -> None:
    assert one_match(RUSHWORTH, draft("Baker Lettings", account_number="C1001")) is None


def test_an_account_number_and_a_phone_under_another_name_may_be_one() -> None:
    renamed = draft("Baker Lettings", account_number="C1001", phone="01632960627")

    match = one_match(RUSHWORTH, renamed)

    assert match is not None
    assert not match.certain


def test_a_name_that_xero_would_call_taken_is_never_passed_over() -> None:
    """Two real people of one name: nothing in common but that."""
    mine = draft(
        "john smith",
        email="j@a.example",
        address_postcode="LS1 1PR",
        account_number="1",
    )
    other = draft(
        "JOHN SMITH",
        email="j@b.example",
        address_postcode="HU1 1AA",
        account_number="2",
    )

    match = one_match(mine, other)

    assert match is not None
    assert not match.certain


def test_a_name_that_only_resembles_is_passed_over_when_much_speaks_against_it() -> (
    None
):
    mine = draft("Acme Lifts", email="j@a.example", address_postcode="LS1 1PR")
    other = draft("Acme Lifts Ltd", email="j@b.example", address_postcode="HU1 1AA")

    assert one_match(mine, other) is None


def test_of_two_that_could_be_it_neither_is_linked() -> None:
    copies = (
        draft("Acme Lifts", phone="01632 960001"),
        draft("Acme Lifts", phone="01632 960001"),
    )

    found = match_contacts(ours(copies[0]), theirs(*copies))

    assert pairs(found, certain=True) == []
    assert pairs(found, certain=False) == [(1, "x1"), (1, "x2")]
    assert all("more than one could be the same" in one.reasons for one in found)


def test_the_better_copy_is_linked_and_the_other_is_told() -> None:
    mine = draft("Acme Lifts", phone="01632 960001")
    copies = [mine, draft("Acme Lifts Ltd", phone="01632 960001")]

    found = match_contacts(ours(mine), theirs(*copies))

    assert pairs(found, certain=True) == [(1, "x1")]
    assert pairs(found, certain=False) == [(1, "x2")]
    assert found[1].reasons[-1] == "already matched with another record"


def test_a_value_that_many_hold_says_nothing() -> None:
    """A switchboard, or 000000 typed to fill the box."""
    names = ["Baker", "Cooper", "Draper", "Fletcher", "Glover", "Hooper"]
    mine = [draft(f"{name} Estates", phone="0000 000000") for name in names]
    other = [draft(f"{name} Lettings", phone="0000 000000") for name in names]

    assert match_contacts(ours(*mine), theirs(*other)) == []


def test_lists_that_number_on_their_own_are_not_matched_by_number() -> None:
    firms = [
        draft(f"{name} Lifts", phone=f"01632 96000{place}", account_number=f"{place}")
        for place, name in enumerate(
            [
                "Baker",
                "Cooper",
                "Draper",
                "Fletcher",
                "Glover",
                "Hooper",
                "Mason",
                "Potter",
            ]
        )
    ]
    shifted = [
        replace(firm, account_number=str((place + 1) % len(firms)))
        for place, firm in enumerate(firms)
    ]
    stranger = draft("J Potter", account_number="99")

    found = match_contacts(
        ours(*firms, stranger),
        theirs(*shifted, draft("John Potter", account_number="99")),
    )

    assert pairs(found, certain=True) == [(n, f"x{n}") for n in range(1, 9)]


# --- archived, and nothing at all ---


def test_an_archived_twin_is_not_linked_by_itself() -> None:
    found = match_contacts(ours(RUSHWORTH), theirs(RUSHWORTH, is_archived=True))

    assert pairs(found, certain=False) == [(1, "x1")]
    assert found[0].reasons[-1] == "archived in Xero"


def test_an_archived_name_is_free() -> None:
    found = match_contacts(
        ours(draft("Acme Lifts")), theirs(draft("Acme Lifts"), is_archived=True)
    )

    assert found == []


def test_an_active_twin_comes_before_an_archived_one() -> None:
    gone = ContactCandidate(RUSHWORTH, xero_id="gone", is_archived=True)

    found = match_contacts(ours(RUSHWORTH), [*theirs(RUSHWORTH), gone])

    assert [(one.xero_id, one.certain) for one in found] == [("x1", True)]


def test_both_archived_are_one() -> None:
    found = match_contacts(
        ours(RUSHWORTH, is_archived=True), theirs(RUSHWORTH, is_archived=True)
    )

    assert pairs(found, certain=True) == [(1, "x1")]


def test_blank_records_match_nothing() -> None:
    assert match_contacts(ours(ContactDraft()), theirs(ContactDraft())) == []
    assert match_contacts([], theirs(RUSHWORTH)) == []
    assert match_contacts(ours(RUSHWORTH), []) == []
