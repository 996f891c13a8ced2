"""The pages of merging: whom with, field by field, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django_filters import FilterSet

from fieldops.common.following import count_followers, in_words
from fieldops.common.history import BLANK, value_in_words
from fieldops.common.list_page import BulkAction
from fieldops.common.merging import (
    MOST_AT_ONCE,
    CannotMerge,
    Choice,
    preset_source,
    require_standing,
    surviving,
)
from fieldops.common.models import Merge, Record
from fieldops.common.numbers import whole_number, whole_numbers
from fieldops.common.unmerging import Undoing
from fieldops.common.views import OfficeView

R = TypeVar("R", bound=Record)

SHOWN = 10


@dataclass(frozen=True)
class Cell:
    """What one of the records says in a field."""

    record: Record
    text: str
    is_chosen: bool

    @property
    def is_blank(self) -> bool:
        return self.text == BLANK


@dataclass(frozen=True)
class Row:
    choice: Choice
    cells: tuple[Cell, ...]

    @property
    def is_alike(self) -> bool:
        return len({cell.text for cell in self.cells}) == 1


@dataclass(frozen=True)
class Side:
    """One of the records, with what belongs to it."""

    record: Any
    is_kept: bool
    followers: tuple[str, ...]


def merge_context(record: Record) -> dict[str, Any]:
    """What a record's own page says of merges: ``merges`` into it that can be undone,
    and ``merged_away``, the one in which it went into another."""
    merges = Merge.objects.standing().select_related("user").prefetch_related("merged")
    return {
        "merges": list(merges.into(record)),
        "merged_away": merges.of(record).first(),
    }


def merge_action(right: str, url_name: str) -> BulkAction:
    """Opens the page on which the ticked rows of a list are compared; the one to which
    most belongs is proposed to be kept."""

    def address(records: Sequence[Any]) -> str:
        if not 2 <= len(records) <= MOST_AT_ONCE:
            raise CannotMerge("Tick two or three to merge them.")
        by_weight = sorted(records, key=lambda one: (-_weight(one), one.pk))
        kept, *others = by_weight
        query = urlencode({"with": [one.pk for one in others]}, doseq=True)
        return f"{reverse(url_name, args=[kept.pk])}?{query}"

    return BulkAction("merge", "Merge", "merge", right, "merged", opens=address)


def _weight(record: Record) -> int:
    return sum(count for _, count in count_followers(record))


class OfficeMergeView(OfficeView, Generic[R]):
    """Without ``?with=`` a choice of whom with; with it the comparison."""

    noun: ClassVar[str]
    nouns: ClassVar[str]
    choices: ClassVar[Sequence[Choice]]
    filterset_class: ClassVar[type[FilterSet]]
    url_name: ClassVar[str]
    undo_url_name: ClassVar[str]
    # Whether a merged one can be archived in the accounts as well.
    archives_in_books: ClassVar[bool] = False

    def records(self) -> "models.QuerySet[Any]":
        """What this person may see."""
        raise NotImplementedError

    def merge(
        self, kept: R, others: Sequence[R], values: Mapping[str, Any], **more: Any
    ) -> Merge:
        raise NotImplementedError

    def united(self, records: Sequence[R]) -> Sequence[tuple[str, str]]:
        """What is kept of all of them: label and result."""
        return ()

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = get_object_or_404(self.records(), pk=pk)
        if surviving(record) is not record:
            # Gone back to after the merge: its own page leads on, or undoes it.
            return redirect(record)
        others = self.chosen(request.GET.getlist("with"), but=record)
        if not others or "more" in request.GET:
            return self.pick(record, others)
        return self.compare(record, others)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        sent = request.POST
        chosen = self.chosen(sent.getlist("records"))
        kept = next((one for one in chosen if str(one.pk) == sent.get("kept")), None)
        if kept is None:
            raise BadRequest("None of these is kept.")
        merge = self.merge(
            kept,
            [one for one in chosen if one.pk != kept.pk],
            self.values(chosen),
            revisions={one.pk: self.seen_revision(one) for one in chosen},
            **(
                {"archives_in_books": "archive" in sent}
                if self.archives_in_books
                else {}
            ),
        )
        undo_url = reverse(self.undo_url_name, args=[merge.pk])
        said = f"{merge.names} merged into {kept}."
        messages.success(request, said, extra_tags=undo_url)
        return redirect(kept)  # type: ignore[call-overload,no-any-return]

    def chosen(self, ids: Sequence[str], but: R | None = None) -> list[R]:
        wanted = whole_numbers(ids)
        found = self.records().in_bulk(wanted)
        records = [found[pk] for pk in dict.fromkeys(wanted) if pk in found]
        records = [one for one in records if but is None or one.pk != but.pk]
        if len(records) + (but is not None) > MOST_AT_ONCE:
            raise CannotMerge(f"At most {MOST_AT_ONCE} can be merged at once.")
        return records

    def seen_revision(self, record: R) -> int | None:
        return whole_number(self.request.POST.get(f"revision-{record.pk}", ""))

    def values(self, records: Sequence[R]) -> dict[str, Any]:
        """The fields that were chosen, each from one of the records."""
        by_id = {str(one.pk): one for one in records}
        values: dict[str, Any] = {}
        for choice in self.choices:
            source = by_id.get(self.request.POST.get(f"from-{choice.key}", ""))
            if source is not None:
                values |= choice.values(source)
        return values

    def pick(self, record: R, others: Sequence[R]) -> HttpResponse:
        text = self.request.GET.get("q", "").strip()
        standing = self.records().filter(merged_into=None).exclude(pk=record.pk)
        found = standing.none()
        if text:
            found = self.filterset_class({"q": text}, standing).qs
        ticked = {one.pk for one in others}
        return render(
            self.request,
            "common/merge_pick.html",
            self.page_context(record)
            | {
                "q": text,
                "found": [*others, *found.exclude(pk__in=ticked)[:SHOWN]],
                "ticked": ticked,
                "count": found.count(),
            },
        )

    def compare(self, record: R, others: Sequence[R]) -> HttpResponse:
        for one in others:
            require_standing(one)
        records = [record, *others]
        kept = next((one for one in records if not is_archived(one)), record)
        rest = [one for one in records if one.pk != kept.pk]
        rows = [self.row(choice, records, kept, rest) for choice in self.choices]
        return render(
            self.request,
            "common/merge_compare.html",
            self.page_context(record)
            | {
                "records": records,
                "sides": [side(one, is_kept=one.pk == kept.pk) for one in records],
                "rows": [row for row in rows if not row.is_alike],
                "alike": [row for row in rows if row.is_alike],
                "united": self.united(records),
                "archives_in_books": self.archives_in_books,
                "can_add": len(records) < MOST_AT_ONCE,
                "with": [one.pk for one in others],
            },
        )

    def row(
        self, choice: Choice, records: Sequence[R], kept: R, rest: Sequence[R]
    ) -> Row:
        source = preset_source(kept, rest, choice)
        return Row(
            choice,
            tuple(
                Cell(one, said_by(one, choice), one.pk == source.pk) for one in records
            ),
        )

    def page_context(self, record: R) -> dict[str, Any]:
        return {
            "record": record,
            "noun": self.noun,
            "nouns": self.nouns,
            "url": reverse(self.url_name, args=[record.pk]),
        }


def is_archived(record: Record) -> bool:
    return bool(getattr(record, "is_archived", False))


def side(record: Record, *, is_kept: bool) -> Side:
    followers = [in_words(one, count) for one, count in count_followers(record)]
    return Side(record, is_kept, tuple(followers))


def said_by(record: Record, choice: Choice) -> str:
    """The columns of a choice as one text."""
    parts = [_part(record, name) for name in choice.columns]
    return choice.joint.join(part for part in parts if part != BLANK) or BLANK


def _part(record: Record, name: str) -> str:
    related = getattr(record, name.removesuffix("_id")) if "_id" in name else None
    if related is not None:
        return str(related)
    return value_in_words(type(record), name, getattr(record, name))


class OfficeUndoMergeView(OfficeView, Generic[R]):
    """What goes back and what stays; then the undoing itself."""

    model: ClassVar[type[Record]]

    def plan(self, merge: Merge) -> Undoing:
        raise NotImplementedError

    def undo(self, merge: Merge) -> Undoing:
        raise NotImplementedError

    def find(self, pk: int) -> Merge:
        merges = Merge.objects.filter(record_type=self.model._meta.label_lower)
        return get_object_or_404(merges, pk=pk)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        merge = self.find(pk)
        undoing = self.plan(merge)
        context = {"merge": merge, "undoing": undoing, "kept": undoing.kept}
        return render(request, "common/merge_undo.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        undoing = self.undo(self.find(pk))
        said = [f"{undoing.merge.names} stands by itself again."]
        said += [one.words for one in undoing.left_out]
        messages.success(request, " ".join(said))
        return redirect(undoing.kept)  # type: ignore[call-overload,no-any-return]
