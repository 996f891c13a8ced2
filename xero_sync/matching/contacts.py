"""Which of our contacts is which of Xero's: a similar name and one more thing in common,
nothing that speaks against it, and nobody else it could be."""

from collections.abc import Iterable, Sequence

from xero_sync.matching.blocks import Blocks, pairs_in_blocks
from xero_sync.matching.evidence import (
    Comparison,
    ContactCandidate,
    Evidence,
    Key,
    Place,
)
from xero_sync.matching.names import Likeness, difference, very_similar
from xero_sync.matching.pairing import Match, Pair, settled

__all__ = ["ContactCandidate", "Match", "Place", "match_contacts"]

# Below this share of agreement the two sides number their customers on their own.
SHARED_NUMBERING = 0.5
ENOUGH_TO_TELL = 8


def match_contacts(
    ours: Sequence[ContactCandidate], theirs: Sequence[ContactCandidate]
) -> list[Match]:
    """Certain ones first. A record of either side may be in several doubtful ones."""
    if not ours or not theirs:
        return []
    evidence = Evidence(ours, theirs)
    compared = [
        evidence.compare(ours[mine], theirs[other])
        for mine, other in pairs_in_blocks(_blocks(ours), _blocks(theirs))
    ]
    if not _numbering_is_shared(compared):
        compared = [comparison.without_account_numbers() for comparison in compared]
    judged = (_judged(comparison, evidence) for comparison in compared)
    return settled(pair for pair in judged if pair is not None)


def _numbering_is_shared(compared: Iterable[Comparison]) -> bool:
    """Whether account numbers mean the same on both sides, learned from those who are
    twins without them."""
    told = [
        Key.ACCOUNT in comparison.keys
        for comparison in compared
        if comparison.likeness >= Likeness.SAME
        and comparison.keys - {Key.ACCOUNT}
        and comparison.ours.account
        and comparison.theirs.account
    ]
    return len(told) < ENOUGH_TO_TELL or sum(told) >= SHARED_NUMBERING * len(told)


def _judged(comparison: Comparison, evidence: Evidence) -> Pair | None:
    sure = _is_sure(comparison)
    archived = comparison.ours.is_archived != comparison.theirs.is_archived
    if archived and not sure:
        return None
    if not sure and not _is_plausible(comparison, evidence):
        return None
    return Pair(
        comparison.ours.local_id,
        comparison.theirs.xero_id,
        is_sure=sure and not archived,
        rank=max(comparison.likeness, Likeness.CLOSE),
        reasons=_reasons(comparison, archived=archived),
        is_copy=not archived and (sure or _is_copy(comparison)),
    )


def _is_sure(comparison: Comparison) -> bool:
    similar = _is_similar(comparison)
    enough = len(comparison.keys) >= _keys_needed(comparison)
    return similar and enough and not comparison.is_contradicted


def _keys_needed(comparison: Comparison) -> int:
    if comparison.accounts_differ and comparison.shared_numbering:
        return 2
    if comparison.keys & {Key.ACCOUNT, Key.TAX}:
        return 1
    # Branches of one company share an office's address of e-mail.
    elsewhere = comparison.postcodes_differ or comparison.phones_differ
    by_email = comparison.keys == {Key.EMAIL} and elsewhere
    return 2 if by_email or comparison.doubts >= 2 else 1


def _is_copy(comparison: Comparison) -> bool:
    """Alike enough to be a second copy of the one that is matched already."""
    same = comparison.likeness >= Likeness.SAME and not comparison.doubts
    return comparison.name_is_taken or same


def _is_similar(comparison: Comparison) -> bool:
    if comparison.likeness != Likeness.LOOSE:
        return comparison.likeness > Likeness.LOOSE
    # Members of a household share phone, e-mail and address, not these.
    if comparison.keys & {Key.ACCOUNT, Key.TAX}:
        return True
    person = comparison.ours.person
    return all(person) and person == comparison.theirs.person


def _is_plausible(comparison: Comparison, evidence: Evidence) -> bool:
    if comparison.name_is_taken:
        return True
    if comparison.likeness == Likeness.UNLIKE:
        return _is_known_under_another_name(comparison, evidence)
    if comparison.keys:
        return True
    if comparison.is_contradicted or comparison.doubts >= 2:
        return False
    names = comparison.ours.name, comparison.theirs.name
    return comparison.likeness >= Likeness.SAME or (
        comparison.likeness == Likeness.CLOSE and very_similar(*names)
    )


def _is_known_under_another_name(comparison: Comparison, evidence: Evidence) -> bool:
    # The account number alone is no sign: it is reported as used in Xero.
    if Key.ACCOUNT in comparison.keys and len(comparison.keys) > 1:
        return True
    return any(evidence.only_they_hold(comparison, key) for key in (Key.EMAIL, Key.TAX))


def _reasons(comparison: Comparison, *, archived: bool) -> tuple[str, ...]:
    found = [key.value for key in Key if key in comparison.keys]
    names = difference(comparison.ours.name, comparison.theirs.name)
    against = {
        "different VAT numbers": comparison.tax_numbers_differ,
        "different account numbers": comparison.accounts_differ,
        "different e-mail addresses": comparison.emails_differ,
        "different postcodes": comparison.postcodes_differ,
        "archived in Xero": archived and comparison.theirs.is_archived,
        "archived here": archived and comparison.ours.is_archived,
    }
    return (*found, names, *(words for words, applies in against.items() if applies))


def _blocks(records: Sequence[ContactCandidate]) -> Blocks:
    """Under which keys each record is compared with others."""
    blocks = Blocks()
    for position, record in enumerate(records):
        for key, value in record.values:
            blocks.add(position, f"{key.name}:{value}")
        if record.place and record.street:
            blocks.add(position, f"place:{record.place}:{record.street[:4]}")
        if record.name.telling:
            blocks.add(position, f"name:{' '.join(record.name.telling)}")
            blocks.add(position, f"letters:{record.name.letters}")
            blocks.add(position, f"start:{record.name.letters[:6]}", capped=True)
            ends = record.name.letters[0] + record.name.letters[-6:]
            blocks.add(position, f"ends:{ends}", capped=True)
        blocks.add_words(position, record.name.telling)
        if record.draft.name:
            blocks.add(position, f"taken:{record.draft.name.casefold()}")
    return blocks
