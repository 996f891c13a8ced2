"""The people at a contact are merged as a set, person by person; nobody is wiped."""

from hypothesis import given, settings
from hypothesis import strategies as st

from xero_sync.outcomes.people import (
    MOST,
    Person,
    fitting,
    people_of,
    people_text,
    still_meant,
)
from xero_sync.planner.people import MergedPeople, merge_people

ANN = Person("Ann", "Lee", "ann@castle.example")
BO = Person("Bo", "Marsh")
CY = Person("Cy", "Noble", "cy@castle.example", gets_copies=True)

people = st.lists(
    st.builds(
        Person,
        st.sampled_from(["", "Ann", "Bo", "ANN"]),
        st.sampled_from(["", "Lee"]),
        st.sampled_from(["", "a@x.example", "b@x.example", "A@x.example", "office@x"]),
        st.booleans(),
    ),
    max_size=7,
).map(people_text)
# What Xero holds: never more than it takes.
in_xero = people.map(lambda text: fitting(text)[0])


def text(*members: Person) -> str:
    return people_text(members)


def names(text: str) -> list[str]:
    return [person.first_name for person in people_of(text)]


def test_the_text_does_not_depend_on_the_order() -> None:
    assert text(BO, ANN, CY) == text(CY, BO, ANN, BO)
    assert people_of(text(CY, ANN, BO)) == (ANN, BO, CY)
    assert text(Person()) == ""


def test_somebody_added_on_either_side_is_added_on_the_other() -> None:
    merged = merge_people(text(ANN), text(ANN, BO), text(ANN, CY))

    assert merged == MergedPeople(text(ANN, BO, CY), text(ANN, BO, CY))


def test_somebody_removed_on_one_side_is_removed_on_the_other() -> None:
    assert merge_people(text(ANN, BO), text(ANN), text(ANN, BO)).theirs == text(ANN)
    assert merge_people(text(ANN, BO), text(ANN, BO), text(BO)).ours == text(BO)


def test_without_a_base_both_lists_are_kept() -> None:
    merged = merge_people("", text(ANN, BO), text(BO, CY))

    assert merged == MergedPeople(text(ANN, BO, CY), text(ANN, BO, CY))


def test_a_change_on_one_side_survives_beside_one_of_another_person() -> None:
    ann = Person("Anne", "Lee", "ANN@castle.example")
    cy = Person("Cy", "Noble", "cy@castle.example")

    merged = merge_people(text(ANN, CY), text(ann, CY), text(ANN, cy))

    assert merged == MergedPeople(text(ann, cy), text(ann, cy))


def test_xero_wins_for_the_person_changed_on_both_sides() -> None:
    ours = Person("Anne", "Lee", "ann@castle.example")
    xeros = Person("Ann", "Lee-Hill", "ann@castle.example")

    merged = merge_people(text(ANN, BO), text(ours, BO), text(xeros, BO))

    assert merged.ours == merged.theirs == text(xeros, BO)
    assert (merged.lost, merged.kept) == (text(ours), text(xeros))


def test_somebody_changed_here_and_removed_in_xero_goes_and_is_named() -> None:
    ours = Person("Anne", "Lee", "ann@castle.example")

    merged = merge_people(text(ANN), text(ours), "")

    assert merged == MergedPeople("", "", lost=text(ours))


def test_two_people_with_one_address_stay_two() -> None:
    kim = Person("Kim", "Ash", "office@castle.example")
    lou = Person("Lou", "Ash", "office@castle.example")

    merged = merge_people(text(kim), text(kim, ANN), text(kim, lou))

    assert merged.ours == merged.theirs == text(kim, lou, ANN)


def test_xeros_five_stay_and_ours_wait_for_room() -> None:
    xeros = [Person(f"X{number}") for number in range(4)]

    merged = merge_people(text(*xeros), text(*xeros, ANN, BO), text(*xeros))

    assert names(merged.theirs) == ["X0", "X1", "X2", "X3", "Ann"]
    assert (names(merged.ours), names(merged.no_room)) == (
        ["X0", "X1", "X2", "X3", "Ann", "Bo"],
        ["Bo"],
    )
    again = merge_people(merged.theirs, merged.ours, merged.theirs)
    assert again == merged


def test_a_planned_list_is_meant_until_one_of_ours_changes() -> None:
    before, after = text(ANN, BO), text(ANN, CY)

    assert still_meant(text(ANN, CY), before, after)
    assert still_meant(text(CY), before, after)
    assert not still_meant(text(ANN), before, after)
    assert not still_meant(text(ANN, BO, CY), before, after)


@settings(max_examples=150, deadline=None)
@given(base=in_xero, ours=people, theirs=in_xero)
def test_merging_again_changes_nothing(base: str, ours: str, theirs: str) -> None:
    merged = merge_people(base, ours, theirs)

    again = merge_people(merged.theirs, merged.ours, merged.theirs)

    assert (again.ours, again.theirs, again.lost) == (merged.ours, merged.theirs, "")
    assert len(people_of(merged.theirs)) <= MOST


@settings(max_examples=150, deadline=None)
@given(base=in_xero, ours=people, theirs=in_xero)
def test_nobody_vanishes_that_nobody_removed(base: str, ours: str, theirs: str) -> None:
    """Whoever was added or changed on a side is here afterwards, or named as lost."""
    merged = merge_people(base, ours, theirs)

    known = {one.email.casefold() or one.name.casefold() for one in people_of(base)}
    kept = {*people_of(merged.ours), *people_of(merged.lost)}
    for person in (*people_of(ours), *people_of(theirs)):
        if (person.email.casefold() or person.name.casefold()) not in known:
            same = {one.email.casefold() or one.name.casefold() for one in kept}
            assert (person.email.casefold() or person.name.casefold()) in same
