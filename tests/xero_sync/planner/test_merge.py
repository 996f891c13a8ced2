"""The per-field merge: tens of thousands of cases, and the ones people ask about."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from xero_sync.outcomes.authority import CONTACT_FIELDS
from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.drafts import ContactDraft
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.merge import field_names, merge

AGREED = field_names(Kind.CONTACT)
BASE = ContactDraft(name="Castle Hotel", phone="028 1", email="a@castle.example")

words = st.sampled_from(["", "a", "b", "c"])
drafts = st.builds(
    ContactDraft,
    name=st.sampled_from(["a", "b", "c"]),
    email=words,
    phone=words,
    address_city=words,
    website=words,
    payment_days=st.sampled_from([None, 7, 30]),
)


def merged(
    local: ContactDraft, remote: ContactDraft, base: ContactDraft | None = BASE
) -> tuple[ContactDraft, ContactDraft, set[str]]:
    """Both sides after the merge was carried out, and the fields with a loser."""
    plan = merge(base, local, remote, CONTACT_FIELDS, AGREED if base else ())
    ours = replace(local, **{one.name: _typed(one) for one in plan.to_us})
    theirs = replace(remote, **{one.name: _typed(one) for one in plan.to_xero})
    return ours, theirs, {one.name for one in plan.losers}


def _typed(change: FieldChange) -> Any:
    return change.after


def test_a_change_on_one_side_survives() -> None:
    ours, theirs, losers = merged(
        replace(BASE, phone="028 2"), replace(BASE, email="b@castle.example")
    )

    assert ours == theirs
    assert (ours.phone, ours.email, losers) == ("028 2", "b@castle.example", set())


def test_xero_wins_where_both_changed_and_our_value_is_kept_as_loser() -> None:
    ours, theirs, losers = merged(
        replace(BASE, phone="028 2"), replace(BASE, phone="028 3")
    )

    assert (ours.phone, theirs.phone, losers) == ("028 3", "028 3", {"phone"})


def test_blanks_are_filled_both_ways_at_the_first_link() -> None:
    ours, theirs, losers = merged(
        ContactDraft(name="Castle", phone="028 1"),
        ContactDraft(name="Castle", email="a@castle.example"),
        base=None,
    )

    assert ours == theirs
    assert (ours.phone, ours.email, losers) == ("028 1", "a@castle.example", set())


def test_xero_wins_at_the_first_link_where_both_have_a_value() -> None:
    ours, theirs, losers = merged(
        ContactDraft(name="Castle", phone="1"),
        ContactDraft(name="Castle", phone="2"),
        base=None,
    )

    assert (ours.phone, theirs.phone, losers) == ("2", "2", {"phone"})


def test_a_cleared_phone_is_cleared_on_the_other_side() -> None:
    ours, theirs, _ = merged(replace(BASE, phone=""), BASE)

    assert (ours.phone, theirs.phone) == ("", "")


def test_a_blank_email_never_wipes_what_xero_has() -> None:
    ours, theirs, _ = merged(replace(BASE, email=""), BASE)

    assert (ours.email, theirs.email) == ("", "a@castle.example")


def test_the_website_only_comes_from_xero() -> None:
    ours, theirs, _ = merged(replace(BASE, website="https://a.example"), BASE)

    assert (ours.website, theirs.website) == ("https://a.example", "")


@settings(max_examples=300, deadline=None)
@given(base=st.none() | drafts, local=drafts, remote=drafts)
def test_merging_again_changes_nothing(
    base: ContactDraft | None, local: ContactDraft, remote: ContactDraft
) -> None:
    """Once carried out, with Xero's side as the new base, there is nothing left."""
    ours, theirs, _ = merged(local, remote, base)

    assert merged(ours, theirs, theirs) == (ours, theirs, set())


@settings(max_examples=300, deadline=None)
@given(base=drafts, local=drafts, remote=drafts)
def test_no_value_that_was_changed_is_lost(
    base: ContactDraft, local: ContactDraft, remote: ContactDraft
) -> None:
    """What changed on our side is in Xero afterwards, or is named as a loser."""
    _, theirs, losers = merged(local, remote, base)

    for name in ("name", "phone", "address_city"):
        mine = getattr(local, name)
        if mine != getattr(base, name) and mine and name not in losers:
            assert getattr(theirs, name) == mine
