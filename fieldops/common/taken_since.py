"""Numbers that only one record should carry, and that somebody else has got while a
merge stood: whoever comes back from it comes back without."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldops.common.history import labels_of
from fieldops.common.models import ChangeEntry, Record


@dataclass(frozen=True)
class LeftOut:
    """``record`` does not get its ``value`` again: it is the ``holder``'s now."""

    record: Record
    column: str
    value: str
    holder: Record

    @property
    def label(self) -> str:
        return labels_of(type(self.record))[self.column].lower()

    @property
    def words(self) -> str:
        return (
            f"{self.record} comes back without its {self.label} {self.value}: "
            f"{self.holder} has it now."
        )


@dataclass(frozen=True)
class Claim:
    """What ``record`` would carry again."""

    record: Record
    value: str


def left_out(
    column: str, claims: Iterable[Claim], kept: Claim, *, since: datetime
) -> tuple[LeftOut, ...]:
    """``kept`` says what the record the others were merged into would carry. Two that had
    one number before the merge have it after its undoing."""
    claims = [one for one in claims if one.value]
    concerned = [one.record.pk for one in (*claims, kept)]
    found = []
    for one in (*claims, kept):
        holder = None
        if one.value:
            holder = _taken_by(one, column, concerned, since)
        is_claimed = _is_same(one.value, kept.value) and one.record.pk != kept.record.pk
        if holder is None and is_claimed and _got_it(kept.record, column, since):
            holder = kept.record
        if holder is not None:
            found.append(LeftOut(one.record, column, one.value, holder))
    return tuple(found)


def _taken_by(
    claim: Claim, column: str, concerned: Iterable[int], since: datetime
) -> Record | None:
    model: Any = type(claim.record)
    carriers = model._default_manager.filter(
        **{f"{column}__iexact": claim.value}, merged_into=None, is_archived=False
    ).exclude(pk__in=concerned)
    taken = (one for one in carriers.order_by("pk") if _got_it(one, column, since))
    return next(taken, None)


def _got_it(record: Record, column: str, since: datetime) -> bool:
    """Whether what it carries was written after that moment."""
    entries = ChangeEntry.objects.of(record).filter(at__gt=since)
    values = {f"after__{column}": getattr(record, column)}
    return entries.filter(**values).exists()


def _is_same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
