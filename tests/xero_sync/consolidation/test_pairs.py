"""Decisions in the queue: kept at once, by field, taken back, accepted in bulk."""

from typing import Any

import pytest

from customers.merging import merge_contacts
from fieldops.common.actor import Actor
from fieldops.common.errors import MergedAway
from tests.builders import TESTER, make_customer, make_supplier, make_user
from tests.xero_sync.consolidation.pairs import CERTAIN, make_pair
from tests.xero_sync.rows import link, make_connection, make_run, mirror_contact
from xero_sync.consolidation.decisions import accept_certain, decide_pair
from xero_sync.consolidation.errors import (
    AlreadyCarriedOut,
    AlreadyDecided,
    BeingCarriedOut,
    HasAnotherPartner,
    NothingToUndo,
)
from xero_sync.consolidation.queue import needs_sign_off
from xero_sync.consolidation.taking_back import take_back, undo_last
from xero_sync.models import (
    FoundPair,
    MirrorRecord,
    PairDecision,
    PlannedChange,
    SyncRun,
    XeroConnection,
)
from xero_sync.store.pairs import Possible, keep_pairs

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> XeroConnection:
    return make_connection(first_sync_done_at=None)


@pytest.fixture
def mary() -> Actor:
    return Actor.person(make_user())


def left(connection: XeroConnection) -> int:
    return FoundPair.objects.doubtful().filter(connection=connection).count()


def test_what_is_chosen_together_is_kept_field_by_field(
    connection: XeroConnection, mary: Actor
) -> None:
    pair = make_pair(connection)
    chosen = {"name": "ours", "payment": "theirs", "fax": "mine", "nobody": "ours"}

    decision = decide_pair(pair, "same", chosen, by=mary)

    assert decision.fields == {
        "name": "ours",
        "payment_terms": "theirs",
        "payment_days": "theirs",
    }
    assert (decision.answer, decision.user, left(connection)) == ("same", mary.user, 0)


def test_new_settles_all_pairs_of_the_record_and_nothing_else(
    connection: XeroConnection, mary: Actor
) -> None:
    first = make_pair(connection)
    make_pair(connection, contact=first.contact)
    other = make_pair(connection)

    decide_pair(first, "new", by=mary)

    assert list(FoundPair.objects.doubtful()) == [other]
    assert PairDecision.objects.get().xero_id == ""


def test_another_partner_opens_the_first_pair_again(
    connection: XeroConnection, mary: Actor
) -> None:
    first = make_pair(connection)
    second = make_pair(connection, contact=first.contact)
    decide_pair(first, "same", by=mary)

    decide_pair(second, "same", by=mary)

    assert list(FoundPair.objects.doubtful()) == [first]


def answers() -> list[tuple[str, str]]:
    return sorted(PairDecision.objects.values_list("xero_id", "answer"))


def test_pressed_twice_it_is_one_decision(
    connection: XeroConnection, mary: Actor
) -> None:
    pair = make_pair(connection)
    first = decide_pair(pair, "same", {"name": "ours"}, by=mary)
    assert decide_pair(pair, "same", {"name": "ours"}, by=mary) == first
    assert answers() == [(pair.xero_id, "same")]


@pytest.mark.parametrize("answer", ["same", "different", "new"])
def test_what_somebody_else_decided_meanwhile_stands(
    connection: XeroConnection, mary: Actor, answer: str
) -> None:
    pair = make_pair(connection)
    hers = decide_pair(pair, "same", {"name": "theirs"}, by=mary)
    with pytest.raises(AlreadyDecided, match=f"{mary.user}.*The same"):
        decide_pair(pair, answer, {"name": "ours"}, by=TESTER)
    assert list(PairDecision.objects.values("answer", "fields", "user")) == [
        {"answer": "same", "fields": hers.fields, "user": mary.user.pk}  # type: ignore[union-attr]
    ]
    take_back(hers)
    decide_pair(pair, answer, {"name": "ours"}, by=TESTER)
    assert [said for _, said in answers()] == [answer]


def test_what_you_decided_in_another_window_is_told_as_yours(
    connection: XeroConnection, mary: Actor
) -> None:
    pair = make_pair(connection)
    decide_pair(pair, "same", by=mary)
    with pytest.raises(AlreadyDecided, match=r"^You have decided.*: The same"):
        decide_pair(pair, "different", by=mary)


def test_a_record_that_has_a_partner_gets_no_second_one(
    connection: XeroConnection, mary: Actor
) -> None:
    pair = make_pair(connection)
    link(connection, pair.record, "another")
    with pytest.raises(HasAnotherPartner):
        decide_pair(pair, "same", by=mary)
    assert answers() == []
    assert left(connection) == 1


@pytest.mark.parametrize("answer", ["same", "different", "new"])
def test_of_one_that_was_merged_away_nothing_is_said(
    connection: XeroConnection, mary: Actor, answer: str
) -> None:
    pair = make_pair(connection)
    kept = make_customer("Kept")
    assert pair.contact is not None
    merge_contacts(kept, [pair.contact], {}, by=TESTER)
    stale = FoundPair.objects.get()
    with pytest.raises(MergedAway, match="Kept"):
        decide_pair(stale, answer, by=mary)
    assert answers() == []


def test_what_a_run_at_work_is_about_to_link_is_not_taken_back(
    connection: XeroConnection, mary: Actor
) -> None:
    pair = make_pair(connection)
    decision = decide_pair(pair, "same", by=mary)
    run = make_run(connection, state=SyncRun.State.APPLYING)
    change = PlannedChange.objects.create(
        run=run,
        step="customers_from_xero",
        kind="contact",
        direction="neither",
        action="link",
        local_id=pair.record.pk,
        xero_id=pair.xero_id,
    )
    with pytest.raises(BeingCarriedOut):
        take_back(decision)
    with pytest.raises(BeingCarriedOut):
        undo_last(connection, by=mary)
    assert answers() == [(pair.xero_id, "same")]
    PlannedChange.objects.filter(pk=change.pk).update(state="dropped")
    assert take_back(decision) == [pair]


def test_undo_takes_back_the_last_of_mine_only(
    connection: XeroConnection, mary: Actor
) -> None:
    first, second, hers = (make_pair(connection) for _ in range(3))
    decide_pair(first, "different", by=mary)
    decide_pair(second, "same", {"name": "ours"}, by=mary)
    decide_pair(hers, "same", by=Actor.person(make_user()))

    assert undo_last(connection, by=mary) == [second]
    assert undo_last(connection, by=mary) == [first]
    with pytest.raises(NothingToUndo):
        undo_last(connection, by=mary)
    assert PairDecision.objects.count() == 1


def test_what_a_sync_carried_out_is_not_taken_back(
    connection: XeroConnection, mary: Actor
) -> None:
    pair = make_pair(connection)
    decision = decide_pair(pair, "same", by=mary)
    link(connection, pair.record, pair.xero_id)

    with pytest.raises(AlreadyCarriedOut):
        take_back(decision)
    with pytest.raises(AlreadyCarriedOut):
        undo_last(connection, by=mary)

    assert PairDecision.objects.get() == decision


def test_not_the_same_can_be_asked_again_at_any_time(
    connection: XeroConnection, mary: Actor
) -> None:
    pair = make_pair(connection)
    decision = decide_pair(pair, "different", by=mary)
    link(connection, pair.record, "another")

    assert take_back(decision) == [pair]
    assert left(connection) == 1


def test_all_that_is_certain_is_accepted_and_undone_as_one(
    connection: XeroConnection, mary: Actor
) -> None:
    likely = make_pair(connection)
    certain = [make_pair(connection, strength=CERTAIN) for _ in range(3)]
    taken = make_pair(connection, contact=certain[0].contact)
    decide_pair(taken, "same", by=TESTER)

    assert accept_certain(connection, by=mary) == 2
    assert accept_certain(connection, by=mary) == 0

    answers = PairDecision.objects.filter(user=mary.user)
    assert {one.answer for one in answers} == {"same"}
    assert set(undo_last(connection, by=mary)) == set(certain[1:])
    assert set(FoundPair.objects.undecided()) == {likely, *certain}


# --- what plans make of the rows ---


def possible(pair: FoundPair, **values: Any) -> Possible:
    defaults = {
        "kind": pair.kind,
        "local_id": pair.record.pk,
        "xero_id": pair.xero_id,
        "name_here": pair.name_here,
        "name_there": pair.name_there,
        "strength": pair.strength,
        "score": pair.score,
        "reasons": pair.reasons,
    }
    return Possible(**defaults | values)


def test_a_pair_found_again_stays_the_same_row(connection: XeroConnection) -> None:
    kept, dropped = make_pair(connection), make_pair(connection)
    supplier = make_supplier("Pipe Supplies")
    preview = make_run(connection, reason=SyncRun.Reason.PREVIEW)
    new = possible(kept, local_id=supplier.pk, xero_id="x-new", strength=CERTAIN)

    keep_pairs(preview, [possible(kept, score=3.5, reasons=["same phone"]), new])

    assert not FoundPair.objects.filter(pk=dropped.pk).exists()
    kept.refresh_from_db()
    assert (kept.score, kept.reasons, kept.group) == (3.5, ["same phone"], "customers")
    other = FoundPair.objects.exclude(pk=kept.pk).get()
    assert (other.contact, other.group) == (supplier, "suppliers")


def test_a_decided_pair_outlives_previews_and_goes_with_the_sync(
    connection: XeroConnection, mary: Actor
) -> None:
    pair = make_pair(connection)
    decide_pair(pair, "different", by=mary)

    keep_pairs(make_run(connection, reason=SyncRun.Reason.PREVIEW), [])
    assert FoundPair.objects.get() == pair

    keep_pairs(make_run(connection), [])
    assert not FoundPair.objects.exists()
    assert PairDecision.objects.get().answer == "different"
    with pytest.raises(NothingToUndo):
        undo_last(connection, by=mary)


def test_a_run_for_some_records_leaves_the_others_alone(
    connection: XeroConnection,
) -> None:
    asked, other = make_pair(connection), make_pair(connection)
    run = make_run(connection, reason=SyncRun.Reason.RECORDS)

    keep_pairs(run, [possible(other, score=1.0)], wanted={"contact": {asked.record.pk}})

    assert list(FoundPair.objects.all()) == [other]
    other.refresh_from_db()
    assert other.score == 10.0


@pytest.mark.parametrize(("here", "there", "asks"), [(11, 11, True), (10, 11, False)])
def test_few_records_need_no_sign_off(
    connection: XeroConnection, here: int, there: int, asks: bool
) -> None:
    make_run(connection, reason=SyncRun.Reason.PREVIEW)
    for number in range(here):
        make_customer(f"Customer {number}")
    for number in range(there):
        mirror_contact(connection, f"x-{number}", Name=f"Customer {number}")
    assert needs_sign_off(connection) is asks
    MirrorRecord.objects.filter(xero_id="x-10").update(is_gone=True)
    assert needs_sign_off(connection) is False
