"""Which record a row speaks of."""

from dataclasses import dataclass

import pytest

from fieldops.common.importing.twins import Known, Twins, Wanted, names_resemble


@dataclass(frozen=True)
class Kept:
    number: str
    name: str
    phone: str = ""


def pairs(
    rows: list[tuple[str, str, str]], kept: list[Kept], *, number_decides: bool = False
) -> dict[int, Kept]:
    def differs(place: int, record: Kept) -> bool:
        number, name, phone = rows[place]
        stated = [(number, record.number), (name, record.name), (phone, record.phone)]
        return any(said and said != here for said, here in stated)

    return Twins(
        [Wanted(number, name) for number, name, _ in rows],
        [Known(record, record.number, record.name) for record in kept],
        differs,
        number_decides=number_decides,
    ).pairs()


def test_same_number_and_name() -> None:
    ada = Kept("A1", "Ada Ltd")
    assert pairs([("a1", "ADA  LTD", "1")], [ada]) == {0: ada}


def test_a_new_spelling_under_the_same_number() -> None:
    ada = Kept("A1", "Ada Lovelace Ltd")
    assert pairs([("A1", "Ada Lovelace Limited", "")], [ada]) == {0: ada}


def test_another_name_under_the_same_number_is_another_record() -> None:
    assert pairs([("A1", "Babbage & Co", "")], [Kept("A1", "Ada Lovelace")]) == {}


def test_where_the_number_decides_the_name_may_change() -> None:
    pipe = Kept("P1", "Pipe")
    assert pairs([("P1", "Tube", "")], [pipe], number_decides=True) == {0: pipe}


def test_a_number_that_two_rows_carry_proves_nothing() -> None:
    rows = [("A1", "Ada Ltd", ""), ("A1", "Ada Limited", "")]
    assert pairs(rows, [Kept("A1", "Ada and Sons")]) == {}


def test_a_name_without_a_number() -> None:
    ada = Kept("A1", "Ada")
    assert pairs([("", "ada", "")], [ada]) == {0: ada}
    assert pairs([("A1", "Ada", "")], [Kept("", "Ada")]) == {0: Kept("", "Ada")}


def test_one_name_with_two_numbers_is_two_records() -> None:
    assert pairs([("A2", "Ada", "")], [Kept("A1", "Ada")]) == {}


def test_a_name_that_several_carry_proves_nothing() -> None:
    kept = [Kept("A1", "Ada", "1"), Kept("A2", "Ada", "2")]
    assert pairs([("", "Ada", "3")], kept) == {}
    assert pairs([("", "Ada", "2")], kept) == {0: kept[1]}


def test_a_record_belongs_to_one_row_only() -> None:
    ada = Kept("A1", "Ada")
    assert pairs([("", "Ada", ""), ("A1", "Ada", "5")], [ada]) == {1: ada}


def test_two_of_one_name_find_their_own_records_in_any_order() -> None:
    first, second = Kept("", "Ada", "1"), Kept("", "Ada", "2")
    rows = [("", "Ada", "2"), ("", "Ada", "1")]
    assert pairs(rows, [first, second]) == {0: second, 1: first}


def test_a_row_without_number_keeps_to_the_record_it_was_given_before() -> None:
    numbered, other = Kept("A1", "Ada", "1"), Kept("", "Ada", "2")
    rows = [("", "Ada", "1"), ("", "Ada", "2")]
    assert pairs(rows, [numbered, other]) == {0: numbered, 1: other}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ada Ltd", "ADA LIMITED", True),
        ("Smith & Sons", "Smith and Sons Ltd", True),
        ("O'Neill Lifts", "ONeill Lifts", True),
        ("Alfreds Futterkiste", "Alfred's Futterkiste GmbH", True),
        ("Cafe Délice", "Café Delice", True),
        ("Ada Lovelace", "Charles Babbage", False),
        ("Smith Heating", "Jones Heating", False),
        ("Ltd", "Limited", False),
    ],
)
def test_names_that_resemble_each_other(one: str, other: str, same: bool) -> None:
    assert names_resemble(one, other) is same
