"""Reads a long list that others change meanwhile, in order of ``UpdatedDateUTC``.

Page numbers lose records: one that is edited moves to the end, all behind it shift, and
one slips over the page's edge. So it is always page 1, since the last moment seen.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from xero_sync.outcomes.wire import updated_at

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
    """Commit ``watermark`` together with the elements; it is Xero's clock, not ours."""

    elements: list[dict[str, object]]
    watermark: datetime | None


Fetch = Callable[[datetime | None, int], Page]


def pages(
    fetch: Fetch, since: datetime | None, *, overlap: timedelta = OVERLAP
) -> Iterator[PageRead]:
    """Each element at least once, those of the overlap again. ``since`` is the
    watermark of the last read, None for everything."""
    watermark = since
    while True:
        start = _start(watermark, overlap)
        page = fetch(start, 1)
        newest = _newest(watermark, page)
        is_last = len(page.elements) < page.size
        if is_last or _start(newest, overlap) != start:
            yield PageRead(page.elements, newest)
        else:
            # A whole page within one second: asking since then would not get further.
            yield PageRead(page.elements, watermark)
            newest = yield from _backwards(fetch, start, page, watermark)
            is_last = _start(newest, overlap) == start
        if is_last:
            return
        watermark = newest


def _backwards(
    fetch: Fetch, start: datetime | None, first: Page, watermark: datetime | None
) -> Generator[PageRead, None, datetime | None]:
    """From the last page to the first, which is read again: an edit shifts records to
    lower pages, and those come later. The watermark moves once all of them are read."""
    newest = _newest(watermark, first)
    for number in range(first.page_count, 0, -1):
        page = fetch(start, number)
        if number == first.page_count:
            # What is edited from now on is newer, and found after this.
            newest = _newest(newest, page)
        yield PageRead(page.elements, newest if number == 1 else watermark)
    return newest


def _newest(watermark: datetime | None, page: Page) -> datetime | None:
    stamps = (updated_at(element) for element in page.elements)
    known = [stamp for stamp in (watermark, *stamps) if stamp is not None]
    return max(known, default=None)


def _start(watermark: datetime | None, overlap: timedelta) -> datetime | None:
    # If-Modified-Since has whole seconds.
    return watermark and (watermark - overlap).replace(microsecond=0)
