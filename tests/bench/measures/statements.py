"""SQL statements per call to Xero, at two sizes: what grows with the size shows."""

from tests.bench.bench import Bench
from tests.bench.processes import Figures
from tests.bench.sizes import Sizes
from tests.bench.table import Row

# Fewer contacts than this fill no page of a thousand.
LEAST = 1_000
CONSTANT = 1.1


def rows(bench: Bench) -> list[Row]:
    small = Sizes(max(LEAST, bench.sizes.contacts // 10))
    large = Sizes(small.contacts * 2)
    found = []
    for side, phase, what in (
        ("theirs", "observed", "page read"),
        ("ours", "applied", "batch sent"),
    ):
        few, many = (_per_call(bench, side, phase, size) for size in (small, large))
        found.append(
            Row(
                f"SQL statements per {what}, {large.records:,} records "
                f"against {small.records:,}",
                f"{many:.1f}",
                f"{few:.1f}",
                f"{many / few:.3f}",
                f"<= {CONSTANT}",
                many / few <= CONSTANT,
            )
        )
    return found


def _per_call(bench: Bench, side: str, phase: str, sizes: Sizes) -> float:
    stage = bench.small(side, sizes)
    figures: Figures = stage.run("a_run", which="first", counts_statements=True)
    calls: int = figures["reads"] if phase == "observed" else figures["writes"]
    statements: int = figures["statements"][phase]
    return statements / calls
