"""How alike two names are, and in what they differ."""

import pytest

from xero_sync.matching.names import Likeness, Name, difference, likeness
from xero_sync.matching.normalise import (
    account_key,
    phone_key,
    postcode_key,
    street_key,
    tax_key,
    words,
)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Acme Lifts", "ACME LIFTS", Likeness.IDENTICAL),
        ("Café Olé", "cafe ole", Likeness.IDENTICAL),
        # legal forms, common words, order, spaces and signs
        ("Acme Lifts", "Acme Lifts Ltd", Likeness.SAME),
        ("Acme Lifts Limited", "Acme Lifts Ltd.", Likeness.SAME),
        ("Smith & Sons", "Smith and Sons", Likeness.SAME),
        ("The Grand Hotel", "Grand Hotel", Likeness.SAME),
        ("Anna Bell", "Bell, Anna", Likeness.SAME),
        ("Plumb Right", "PlumbRight", Likeness.SAME),
        ("O'Brien Roofing", "OBrien Roofing", Likeness.SAME),
        ("O\u2019Brien Roofing", "O'Brien Roofing", Likeness.SAME),
        ("J.P. White", "J P White", Likeness.SAME),
        ("Smørrebrød", "Smorrebrod", Likeness.IDENTICAL),
        # a typo or added words
        ("Rushworth Heating", "Rusworth Heating", Likeness.CLOSE),
        ("Müller Dach", "Mueller Dach", Likeness.CLOSE),
        ("Wellington Importadora", "Welington Importadora", Likeness.CLOSE),
        ("Riverside Lifts", "Riverside Lifts Maintenance", Likeness.CLOSE),
        ("Heli Süßwaren", "Heli Swaren", Likeness.CLOSE),
        ("Consolidated Holdings", "Consolidated Holdiings", Likeness.CLOSE),
        ("Du monde entier", "Du mnde entier", Likeness.CLOSE),
        # not enough alone
        ("John Smith", "Joan Smith", Likeness.LOOSE),
        ("J Smith", "John Smith", Likeness.LOOSE),
        ("Smith", "John Smith", Likeness.LOOSE),
        ("Πλάτων", "Σωκράτης", Likeness.UNLIKE),
        ("Hopkins Roofing", "Hawkins Roofing", Likeness.LOOSE),
        ("AB Electrical Supplies", "AC Electrical Supplies", Likeness.LOOSE),
        ("Acme Lifts Ltd", "Acme Lifts LLP", Likeness.LOOSE),
        # each holds what the other lacks
        ("Smith Plumbing", "Smith Heating", Likeness.UNLIKE),
        ("Riverside Lifts Leeds", "Riverside Lifts Hull", Likeness.UNLIKE),
        ("Unit 2 Holdings", "Unit 3 Holdings", Likeness.UNLIKE),
        ("Anna Smith", "John Smith", Likeness.UNLIKE),
        ("", "Anna Smith", Likeness.UNLIKE),
        ("", "", Likeness.UNLIKE),
        ("!!!", "???", Likeness.UNLIKE),
    ],
)
def test_how_alike_two_names_are(one: str, other: str, alike: Likeness) -> None:
    assert likeness(Name(one), Name(other)) is alike
    assert likeness(Name(other), Name(one)) is alike


def test_a_record_that_names_somebody_else_is_no_person() -> None:
    """ "Dana Lift" with Ada as its contact is a company: a typo is a typo."""
    company = Name("Dana Lift", contact="Ada Quick")
    person = Name("Dana Lift", contact="Dana Lift")

    assert likeness(company, Name("Dna Lift")) is Likeness.CLOSE
    assert likeness(person, Name("Dna Lift")) is Likeness.LOOSE


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Acme", "ACME", "same name"),
        ("Acme", "Acme Ltd", "name differs by 'Ltd'"),
        ("Anna Bell", "Bell Anna", "same name in another order"),
        ("Smith & Sons", "Smith and Sons", "same name, written a little differently"),
        ("Rushworth", "Rusworth", "name differs: 'Rushworth' here, 'Rusworth' in Xero"),
    ],
)
def test_says_in_what_they_differ(one: str, other: str, said: str) -> None:
    assert difference(Name(one), Name(other)) == said


def test_numbers_are_compared_without_their_dress() -> None:
    assert phone_key("+44 (0)1632 960-627") == phone_key("01632 960627") == "32960627"
    assert phone_key("5551") == ""
    assert tax_key("GB 123 4567 89") == tax_key("123456789")
    assert tax_key("IE1234567WA") == tax_key("1234567wa")
    assert account_key(" c 17 ") == account_key("C17")
    assert postcode_key("ls1 1pr") == postcode_key("LS1-1PR")
    assert street_key("107 Park Street") == street_key("107, Park St.")
    assert words("B's Beverages & Co. S.A.") == ("bs", "beverages", "and", "co", "sa")
