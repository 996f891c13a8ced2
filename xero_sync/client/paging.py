"""Reads a long list that others change meanwhile, in order of ``UpdatedDateUTC``.

Page numbers lose records: one that is edited moves to the end, all behind it shift, and
one slips over the page's edge. So it is always page 1, since the last moment seen.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from xero_sync.outcomes.wire import EPOCH, updated_at

OVERLAP = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Page:
    """``size`` is the one Xero used, which may be smaller than the one asked for."""

    elements: list[dict[str, object]]
    size: int
    page_count: int
    item_count: int


@dataclass(frozen=True, slots=True)
class PageRead:
    """Commit ``watermark`` together with the elements; it is Xero's clock, not ours.

    ``is_last``: the list has been read to its end.
    """

    elements: list[dict[str, object]]
    watermark: datetime | None
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One page of what changed since; page 1 is the oldest."""

    since: datetime | None
    number: int


@dataclass(frozen=True, slots=True)
class Progress:
    """What the last page brought, and the page wanted next; None ends the list."""

    read: PageRead | None
    ask: Ask | None


def keyset(
    since: datetime | None, *, overlap: timedelta = OVERLAP
) -> Generator[Progress, Page, None]:
    """Each element at least once, those of the overlap again. ``since`` is the
    watermark of the last read, None for everything. Is sent each page it asks for."""
    watermark, read = since, None
    while True:
        start = asked_from(watermark, overlap)
        page = yield Progress(read, Ask(start, 1))
        newest = newest_of(watermark, page.elements)
        is_last = len(page.elements) < page.size
        if is_last or asked_from(newest, overlap) != start:
            read = PageRead(page.elements, newest)
        else:
            # A whole page within one second: asking since then would not get further.
            first = PageRead(page.elements, watermark)
            read = yield from _backwards(start, page.page_count, first, newest)
            newest = read.watermark
            is_last = asked_from(newest, overlap) == start
        if is_last:
            yield Progress(read, None)
            return
        watermark = newest


def _backwards(
    start: datetime | None,
    page_count: int,
    first: PageRead,
    newest: datetime | None,
) -> Generator[Progress, Page, PageRead]:
    """From the last page to the first, which is read again: an edit shifts records to
    lower pages, and those come later. The watermark moves once all of them are read."""
    read = first
    for number in range(page_count, 0, -1):
        page = yield Progress(read, Ask(start, number))
        if number == page_count:
            # What is edited from now on is newer, and found after this.
            newest = newest_of(newest, page.elements)
        read = PageRead(page.elements, newest if number == 1 else first.watermark)
    return read


def newest_of(
    watermark: datetime | None, elements: Iterable[Mapping[str, object]]
) -> datetime | None:
    stamps = (updated_at(element) for element in elements)
    known = [stamp for stamp in (watermark, *stamps) if stamp is not None]
    return max(known, default=None)


def asked_from(
    watermark: datetime | None, overlap: timedelta = OVERLAP
) -> datetime | None:
    """A little before the watermark: what was stored in the same second is seen again.
    If-Modified-Since has whole seconds; before 1970 there is nothing to ask for."""
    if watermark is None or watermark < EPOCH + overlap:
        return None
    return (watermark - overlap).replace(microsecond=0)
