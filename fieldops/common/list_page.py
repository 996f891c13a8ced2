"""The list page: saved views, search and filters, sorting, paging, bulk actions, CSV."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Model, Q, QuerySet
from django.db.models.expressions import Expression, OrderBy
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django_filters import FilterSet

from fieldops.common.actor import Actor
from fieldops.common.errors import DomainError
from fieldops.common.exports import Column, csv_response
from fieldops.common.numbers import whole_numbers
from fieldops.common.views import OfficeView, vary_on_htmx, wants_fragment

M = TypeVar("M", bound=Model)
PAGE_SIZE = 25
CHUNK = 500


@dataclass(frozen=True)
class SavedView:
    """A tab over the list; ``tone`` "bad" marks a count that asks for work."""

    key: str
    label: str
    condition: Q = field(default_factory=Q)
    tone: str = ""


@dataclass(frozen=True)
class BulkAction:
    """What can be done with the ticked rows; ``done`` completes "3 customers …".

    One that ``opens`` a page of its own is given all of them and names its address.
    """

    key: str
    label: str
    icon: str
    right: str
    done: str
    act: Callable[[Any, Actor], object] = lambda record, by: None
    opens: Callable[[Sequence[Any]], str] | None = None


def archive_action(right: str, archive: Callable[..., object]) -> BulkAction:
    return BulkAction(
        "archive",
        "Archive",
        "archive",
        right,
        "archived",
        lambda record, by: archive(record, by=by),
    )


def restore_action(right: str, restore: Callable[..., object]) -> BulkAction:
    return BulkAction(
        "restore",
        "Restore",
        "archive-restore",
        right,
        "restored",
        lambda record, by: restore(record, by=by),
    )


class OfficeListView(OfficeView, Generic[M]):
    """Subclasses say what is listed; the address says which of it, in what order."""

    template_name: ClassVar[str]
    list_template: ClassVar[str]
    filterset_class: ClassVar[type[FilterSet]]
    noun: ClassVar[str]
    nouns: ClassVar[str]
    intro: ClassVar[str] = ""
    search_hint: ClassVar[str]
    sorts: ClassVar[Mapping[str, Sequence[str | Expression]]]
    default_sort: ClassVar[str]
    columns: ClassVar[Sequence[Column]]

    def records(self) -> QuerySet[M]:
        """All that this person may see here, with what the columns need."""
        raise NotImplementedError

    def saved_views(self) -> Sequence[SavedView]:
        raise NotImplementedError

    # What Xero knows these records as; blank where it does not know them.
    shows_xero: ClassVar[str] = ""

    def bulk_actions(self) -> Sequence[BulkAction]:
        return ()

    def extra_context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if request.GET.get("export") == "csv":
            rows = self.sorted(self.filterset().qs)
            return csv_response(self.nouns, self.columns, rows.iterator(CHUNK))
        template = self.list_template if wants_fragment(request) else self.template_name
        return vary_on_htmx(render(request, template, self.page_context()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do one thing with the ticked rows, or with all that match the filter."""
        wanted = request.POST.get("action", "")
        action = next((a for a in self.bulk_actions() if a.key == wanted), None)
        if action is None:
            raise BadRequest("No such action.")
        self.require(action.right)
        if action.opens is not None:
            return redirect(action.opens(self.chosen_records()))
        done, refusals = self.do_with_each(action)
        if done:
            noun = self.noun if done == 1 else self.nouns
            messages.success(request, f"{done} {noun} {action.done}.")
        for refusal in refusals:
            messages.error(request, refusal)
        return redirect(f"{request.path}?{self.query.urlencode()}")

    def do_with_each(self, action: BulkAction) -> tuple[int, list[str]]:
        """How many were done, and what was refused, each reason once."""
        done, refusals = 0, dict[str, None]()
        for record in self.chosen_records():
            try:
                action.act(record, self.actor)
                done += 1
            except DomainError as refusal:
                refusals[refusal.message] = None
        return done, list(refusals)

    def chosen_records(self) -> list[M]:
        posted = self.request.POST
        if posted.get("all_matching"):
            return list(self.filterset().qs)
        ids = whole_numbers(posted.getlist("selected"))
        return list(self.records().filter(pk__in=ids))

    # --- what the address asks for ---

    @property
    def query(self) -> QueryDict:
        """The filter in force; the bulk bar sends that of the list it stands under."""
        if self.request.method == "POST":
            return QueryDict(self.request.POST.get("query", ""))
        return self.request.GET

    @property
    def view(self) -> SavedView:
        views = self.saved_views()
        return next((v for v in views if v.key == self.query.get("view")), views[0])

    def filterset(self) -> FilterSet:
        records = self.records().filter(self.view.condition)
        return self.filterset_class(self.query, records, request=self.request)

    @property
    def sort(self) -> str:
        wanted = self.query.get("sort", "")
        return wanted if wanted.removeprefix("-") in self.sorts else self.default_sort

    def sorted(self, records: QuerySet[M]) -> QuerySet[M]:
        """In a total order, so that no row is shown on two pages."""
        descending = self.sort.startswith("-")
        keys = self.sorts[self.sort.removeprefix("-")]
        order = [ordered(key, descending=descending) for key in keys]
        return records.order_by(*order, "-pk" if descending else "pk")

    # --- what the template gets ---

    def page_context(self) -> dict[str, Any]:
        filterset = self.filterset()
        tabs, actions = self.tabs(), self.allowed_bulk_actions()
        page = Paginator(self.sorted(filterset.qs), PAGE_SIZE).get_page(
            self.request.GET.get("page")
        )
        return {
            "page": page,
            "filter": filterset.form,
            "views": tabs,
            "view": self.view.key,
            "sort": self.sort,
            "noun": self.noun,
            "nouns": self.nouns,
            "subtitle": self.intro,
            "search_hint": self.search_hint,
            "query": self.request.GET.urlencode(),
            "export_url": self.export_url(),
            "bulk_actions": actions,
            "has_ticks": bool(actions or (self.shows_xero and self.may_sync)),
            "shows_xero": self.shows_xero,
            "is_new": not any(tab["count"] for tab in tabs),
            "list_template": self.list_template,
            **self.for_rows(page),
            **self.extra_context(),
        }

    def for_rows(self, page: Page[M]) -> dict[str, Any]:
        """Facts about the rows of this page that are read for all of them at once."""
        return {}

    def tabs(self) -> list[dict[str, Any]]:
        views = self.saved_views()
        counts = self.records().aggregate(
            **{f"in_{v.key}": Count("pk", filter=v.condition or None) for v in views}
        )
        return [
            {
                "label": view.label,
                "url": f"?view={view.key}",
                "is_active": view.key == self.view.key,
                "count": counts[f"in_{view.key}"],
                "tone": view.tone,
            }
            for view in views
        ]

    def export_url(self) -> str:
        query = self.request.GET.copy()
        query["export"] = "csv"
        return f"?{query.urlencode()}"

    @property
    def may_sync(self) -> bool:
        return self.user.has_perm("xero_sync.run_sync")

    def allowed_bulk_actions(self) -> list[BulkAction]:
        return [a for a in self.bulk_actions() if self.user.has_perm(a.right)]


def ordered(key: str | Expression, *, descending: bool) -> OrderBy:
    expression = F(key) if isinstance(key, str) else key
    if descending:
        return expression.desc(nulls_last=True)
    return expression.asc(nulls_last=True)
