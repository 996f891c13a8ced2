"""The matcher on ten times as many contacts on either side, in both numberings."""

import os

from tests.bench.bench import Bench
from tests.bench.processes import Figures, run_job
from tests.bench.table import Row, limited

TIMES_AS_MANY = 10
NUMBERINGS = ("shared", "independent")
PRECISION = 0.999


def rows(bench: Bench) -> list[Row]:
    records = bench.sizes.contacts * TIMES_AS_MANY
    return [row for name in NUMBERINGS for row in _rows(bench, name, records)]


def _rows(bench: Bench, numbering: str, records: int) -> list[Row]:
    arguments = {"numbering": numbering, "records": records, "profile": bench.profile}
    settings = {"DJANGO_SETTINGS_MODULE": "fieldops.settings.test"}
    figures = run_job("matching", arguments, os.environ | settings)
    title = f"Matching {records:,} contacts with as many, {numbering} account numbers"
    return [
        limited(f"{title}: processor time", figures["cpu"], at_most=120, unit="s"),
        limited(
            f"{title}: peak memory, all of the process",
            figures["peak"],
            at_most=1024,
            unit="MiB",
        ),
        _precision_row(f"{title}: right among those linked by themselves", figures),
    ]


def _precision_row(measure: str, figures: Figures) -> Row:
    right, linked = figures["right"], figures["right"] + figures["wrong"]
    precision = figures["precision"]
    return Row(
        measure,
        f"{right:,}",
        f"{linked:,}",
        f"{precision:.3%}",
        f">= {PRECISION:.1%}",
        precision >= PRECISION,
    )
