"""The geometry of the two charts; the templates draw it, with a table twin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict


class BarInput(TypedDict, total=False):
    label: str
    value: Decimal | int
    shown: str
    url: str


@dataclass(frozen=True)
class Bar:
    label: str
    shown: str
    url: str
    percent: str
    colour: int


def bars_of(rows: Sequence[BarInput]) -> list[Bar]:
    """Horizontal bars against the longest; something always shows as at least 1 %."""
    longest = max((row["value"] for row in rows), default=0)
    return [
        Bar(
            label=row["label"],
            shown=row.get("shown", str(row["value"])),
            url=row.get("url", ""),
            percent=_percent(row["value"], longest),
            colour=min(place, 5),
        )
        for place, row in enumerate(rows, start=1)
    ]


def _percent(value: Decimal | int, longest: Decimal | int) -> str:
    if value <= 0:
        return "0"
    return f"{max(Decimal(1), Decimal(value) * 100 / longest):.1f}"


class ColumnInput(TypedDict, total=False):
    label: str
    ok: int
    bad: int
    url: str


@dataclass(frozen=True)
class Column:
    label: str
    ok: int
    bad: int
    url: str
    shows_label: bool
    x: str
    middle: str
    width: str
    ok_y: str
    ok_height: str
    bad_y: str
    bad_height: str


@dataclass(frozen=True)
class GridLine:
    y: str
    text_y: str
    value: int


@dataclass(frozen=True)
class ColumnChart:
    columns: list[Column]
    grid: list[GridLine]
    width: int = 560
    height: int = 150


LEFT, TOP, FOOT, GAP = 44, 8, 26, 2


def columns_of(rows: Sequence[ColumnInput]) -> ColumnChart:
    """Stacked columns, what failed on top; every third one carries its label."""
    width, height = ColumnChart.width, ColumnChart.height
    tallest = max((row["ok"] + row["bad"] for row in rows), default=0) or 1
    depth = height - FOOT - TOP
    step = (width - LEFT) / max(len(rows), 1)

    def y(value: float) -> float:
        return TOP + depth - depth * value / tallest

    columns = [
        Column(
            label=row["label"],
            ok=row["ok"],
            bad=row["bad"],
            url=row.get("url", ""),
            shows_label=place % 3 == 0,
            x=f"{LEFT + place * step + GAP:.1f}",
            middle=f"{LEFT + (place + 0.5) * step:.1f}",
            width=f"{step - 2 * GAP:.1f}",
            ok_y=f"{y(row['ok']):.1f}",
            ok_height=f"{depth * row['ok'] / tallest:.1f}",
            bad_y=f"{y(row['ok'] + row['bad']) - (1 if row['bad'] else 0):.1f}",
            bad_height=f"{depth * row['bad'] / tallest:.1f}",
        )
        for place, row in enumerate(rows)
    ]
    values = sorted({0, round(tallest / 2), tallest})
    grid = [GridLine(f"{y(v):.1f}", f"{y(v) + 4:.1f}", v) for v in values]
    return ColumnChart(columns, grid)
