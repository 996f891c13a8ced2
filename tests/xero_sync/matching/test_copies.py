"""Second copies inside one list."""

from tests.lists.candidates import our_candidate
from tests.lists.contacts import make_lists
from xero_sync.matching.candidates import ContactCandidate
from xero_sync.matching.copies import copies_within
from xero_sync.outcomes.drafts import ContactDraft

BRENNAN = ContactCandidate(
    ContactDraft(name="Brennan Glass", phone="01632 960001", email="a@brennan.example"),
    local_id=1,
)
COPY = ContactCandidate(
    ContactDraft(name="Brennan Glass Ltd", phone="01632 960001"), local_id=2
)
STRANGER = ContactCandidate(ContactDraft(name="Potter Motors"), local_id=3)


def test_finds_the_copies_of_a_list() -> None:
    (found,) = copies_within([BRENNAN, STRANGER, COPY])

    assert (found.one, found.other, found.is_sure) == (BRENNAN, COPY, True)
    assert found.reasons == ("same phone number", "name differs by 'Ltd'")


def test_finds_those_who_were_written_down_twice() -> None:
    lists = make_lists(3, 400, shared_numbering=True)
    party = lists.party_here

    found = copies_within([our_candidate(row) for row in lists.ours])

    sure = [
        (str(one.one.local_id), str(one.other.local_id)) for one in found if one.is_sure
    ]
    twice = len(party) - len(set(party.values()))
    assert [pair for pair in sure if party[pair[0]] != party[pair[1]]] == []
    assert len(sure) >= 0.6 * twice > 3
