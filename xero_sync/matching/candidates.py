"""A contact of either side as the matcher is given it."""

from dataclasses import dataclass

from xero_sync.matching.pairing import LocalId
from xero_sync.outcomes.drafts import ContactDraft


@dataclass(frozen=True, slots=True)
class Place:
    """One address of several."""

    line1: str = ""
    line2: str = ""
    town: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class ContactCandidate:
    """Ours has ``local_id``, Xero's has ``xero_id``. What a draft has no room for stands
    beside it: ``other_emails`` are those the settings did not choose, ``is_company`` is
    None where the list does not say."""

    draft: ContactDraft
    local_id: LocalId = 0
    xero_id: str = ""
    is_archived: bool = False
    other_emails: tuple[str, ...] = ()
    title: str = ""
    is_company: bool | None = None
    company_number: str = ""
    other_phones: tuple[str, ...] = ()
    other_places: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        draft = self.draft
        first = Place(
            draft.address_line1,
            draft.address_line2,
            draft.address_city,
            draft.address_postcode,
        )
        return (first, *self.other_places)
