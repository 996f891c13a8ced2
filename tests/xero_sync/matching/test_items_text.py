"""What is read out of a line about an item."""

import pytest

from xero_sync.matching.item_names import aligned
from xero_sync.matching.item_text import line


def texts(text: str) -> list[str]:
    return [token.text for token in line(text).tokens]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Elbow 22 mm", ["elbow", "22 mm"]),
        ("22MM Elbows", ["22 mm", "elbow"]),
        ('Valve 1 1/2"', ["valve", "38.1 mm"]),
        ("Valve 1-1/2 inch", ["valve", "38.1 mm"]),
        ("\u00bd in valve w/handle", ["12.7 mm", "valve", "handle"]),
        ("3kW heater", ["3000 w", "heater"]),
        ("Heater 3000W", ["heater", "3000 w"]),
        ("flue 60/100", ["flue", "60", "100"]),
        ("Filter 592x592x47 G4", ["filter", "592", "592", "47", "g4"]),
        ("M8x40 bolt (100)", ["m8", "40", "bolt", "100 pack"]),
        ("Gloves, box of 50", ["glove", "50 pack"]),
        ("Glove 50pk BLK XL", ["glove", "50 pack", "black", "extra", "large"]),
        ("Cable 2.5mm\u00b2 100 m", ["cable", "2.5 mm", "100000 mm"]),
        ("Boiler 24i", ["boiler", "24i"]),
        ("Boiler 24i AB-123-45", ["boiler", "24i", "ab12345"]),
        ("Elbow pack of 1", ["elbow"]),
        ("M10x80 bolt pack of 2", ["m10", "80", "bolt", "2 pack"]),
        ("Cable tie 10 pack 100 mm", ["cable", "tie", "10 pack", "100 mm"]),
        ("Junction box 100 x 80", ["junction", "box", "100", "80"]),
        ("Switch 2 gang 1 way", ["switch", "2 gang", "1 way"]),
        ("Door L/H", ["door", "left", "hand"]),
        ("Glove S/M/L", ["glove", "s", "m", "l"]),
        ("", []),
    ],
)
def test_words_sizes_and_packs(text: str, tokens: list[str]) -> None:
    assert texts(text) == tokens


def test_what_is_no_longer_bought_is_said_apart() -> None:
    said = line("Fan (DISCONTINUED)")

    assert [token.text for token in said.tokens] == ["fan"]
    assert said.is_retired
    assert not line("Fan").is_retired


def test_the_stump_of_such_a_mark_at_the_end_of_a_name_that_is_cut_off() -> None:
    name = "Fan assembly for Ecotherm 30 boilers, reconditioned (DISCONTINUED)"[:50]
    name = f"{name[:43]} (DISC"

    assert line(name).is_retired
    assert "disc" not in texts(name)
    assert not line("Brake disc").is_retired


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("compression coupling", "comp cplg"),
        ("ball valve", "ball vlv"),
        ("comp elbow", "compr elbow"),
        ("stainless steel bolt", "SS bolt"),
        ("stainless steel bolt", "S/S bolt"),
        ("switch 2 gang", "switch 2G"),
        ("pressure relief valve", "PRV valve"),
        ("lamp GU10", "lamp GU 10"),
        ("elbow 22 mm", "elbow 22"),
        ("thermostatic valve", "thremostatic valve"),
        ("twin and earth cable", "T&E cable"),
        ("grey conduit", "gray conduit"),
    ],
)
def test_one_thing_in_two_spellings(one: str, other: str) -> None:
    found = aligned(line(one).tokens, line(other).tokens, lambda word: False)

    assert (found.left, found.right) == ((), ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("elbow 22 mm", "elbow 15 mm"),
        ("belt SPA", "belt SPB"),
        ("lamp 2700K", "lamp 3000K"),
        ("pipe 2 m", "pipe 2 mm"),
        ("switch 2 gang", "switch 3G"),
        ("socket black", "socket white"),
        ("boiler 24i", "boiler 28i"),
        ("hose", "nose"),
    ],
)
def test_two_things_in_like_spellings(one: str, other: str) -> None:
    found = aligned(line(one).tokens, line(other).tokens, lambda word: False)

    assert found.left
    assert found.right


def test_two_words_that_many_items_have_are_no_slips_of_one_another() -> None:
    one, other = line("heater kit").tokens, line("header kit").tokens

    assert not aligned(one, other, lambda word: False).left
    assert aligned(one, other, lambda word: True).left
