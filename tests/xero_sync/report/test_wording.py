"""Every code has words, in plain English, with the numbers that are in force."""

import re

import pytest

from xero_sync.outcomes.codes import IssueCode, RunProblem
from xero_sync.outcomes.kinds import Action, Direction, Kind, Step
from xero_sync.report.wording import (
    RUN_PROBLEMS,
    STEPS,
    STEPS_DOING,
    WORDS,
    action_words,
    counted,
    in_file_of,
    note_of,
    words_of,
)


def test_every_code_has_words() -> None:
    assert set(WORDS) == set(IssueCode)
    assert set(RUN_PROBLEMS) == set(RunProblem)
    assert set(STEPS) == set(STEPS_DOING) == set(Step)


@pytest.mark.parametrize("words", [*WORDS.values(), *RUN_PROBLEMS.values()])
def test_a_cause_says_why_and_what_to_do(words: object) -> None:
    title, why, fix = words.title, words.why, words.fix  # type: ignore[attr-defined]
    assert title
    assert not title.endswith(".")
    assert why.endswith(".")
    assert fix.endswith(".")


@pytest.mark.parametrize(
    ("code", "kind", "details", "says"),
    [
        (
            "email_invalid",
            Kind.CONTACT,
            {"value": "a@"},
            '"a@" is not a valid email address',
        ),
        ("name_missing", Kind.CONTACT, {}, "is blank"),
        ("name_characters", Kind.CONTACT, {}, "holds < or >, which Xero refuses"),
        ("code_missing", Kind.ITEM, {}, "has no code"),
        (
            "field_too_long",
            Kind.CONTACT,
            {"label": "Fax", "length": "51", "limit": "50"},
            "is 51 characters long; Xero takes 50",
        ),
        ("name_too_long", Kind.CONTACT, {}, "Name is too long"),
        ("refused", Kind.ITEM, {}, "Xero refused it for another reason"),
    ],
)
def test_what_stands_after_the_name_of_a_column(
    code: str, kind: Kind, details: dict[str, str], says: str
) -> None:
    assert in_file_of(code, kind, details) == says


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        ("name_too_long", Kind.CONTACT, "300 characters; Xero takes 255."),
        (
            "name_too_long",
            Kind.ITEM,
            "300 characters; Xero takes 50, and nothing over 64 is sent.",
        ),
        ("code_too_long", Kind.ITEM, "300 characters; Xero takes 30."),
        ("field_too_long", Kind.CONTACT, "Fax: 300 characters; Xero takes 50."),
    ],
)
def test_what_is_too_long_is_told_with_its_limit(
    code: str, kind: Kind, says: str
) -> None:
    details = {"label": "Fax", "length": "300", "limit": "50"}
    assert note_of(code, kind, details) == says


def test_no_jargon_and_no_blame() -> None:
    forbidden = re.compile(
        r"oops|tenant|payload|endpoint|invalid|error|\b4\d\d\b|token", re.IGNORECASE
    )
    for words in [*WORDS.values(), *RUN_PROBLEMS.values()]:
        text = f"{words.title} {words.why} {words.fix} {words.note} {words.in_file}"
        assert not forbidden.search(text), text


def test_the_stock_name_says_both_limits() -> None:
    why = words_of(IssueCode.NAME_TOO_LONG, Kind.ITEM).why
    assert "64" in why
    assert "50" in why
    assert "255" in words_of(IssueCode.NAME_TOO_LONG, Kind.CONTACT).why


def test_a_note_without_its_values_is_blank() -> None:
    code = IssueCode.ACCOUNT_NUMBER_USED_HERE
    assert note_of(code, Kind.CONTACT, {"value": "C1", "other": "Castle {Hotel}"}) == (
        "C1 belongs to Castle {Hotel}."
    )
    assert note_of(code, Kind.CONTACT, {"value": "C1"}) == ""


def test_every_change_has_a_word_of_its_own() -> None:
    said = {
        action_words(action, direction)
        for action, direction in (
            (Action.CREATE, Direction.TO_XERO),
            (Action.CREATE, Direction.TO_US),
            (Action.UPDATE, Direction.TO_XERO),
            (Action.UPDATE, Direction.TO_US),
            (Action.LINK, Direction.NEITHER),
            (Action.ARCHIVE, Direction.TO_XERO),
            (Action.ARCHIVE, Direction.TO_US),
            (Action.VOID, Direction.TO_XERO),
            (Action.VOID, Direction.TO_US),
            (Action.DELETE, Direction.TO_XERO),
            (Action.HOLD, Direction.TO_XERO),
            (Action.REFUSE, Direction.TO_XERO),
        )
    }
    assert len(said) == 12


def test_counts_agree_with_their_nouns() -> None:
    assert counted(1, Kind.ITEM) == "1 stock item"
    assert counted(5, "customer") == "5 customers"
