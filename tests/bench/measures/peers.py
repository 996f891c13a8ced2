"""The same pull and the same batch create by two other clients of Xero's API."""

from tests.bench.bench import Bench, per_10_000
from tests.bench.table import Row

PEERS = {"peer_xero_python": "xero-python", "peer_pyxero": "pyxero"}
TIMES_LESS = 6.0


def rows(bench: Bench) -> list[Row]:
    sizes = bench.sizes
    ours = per_10_000(bench.figures["pull"]["cpu"]["observed"], sizes.records)
    sent = per_10_000(bench.figures["push"]["cpu"]["applied"], sizes.records)
    for stage in (bench.theirs_is_full, bench.ours_is_full):
        stage.control("tier", tier="unlimited")
    found = []
    for job, name in PEERS.items():
        pulled = bench.theirs_is_full.run(job, task="pull")
        bench.ours_is_full.control("reset")
        created = bench.ours_is_full.run(job, task="create")
        assert pulled["records"] == created["records"] == sizes.records, (
            pulled,
            created,
        )
        theirs = per_10_000(pulled["cpu"], sizes.records)
        theirs_sent = per_10_000(created["cpu"], sizes.records)
        found += [
            Row(
                f"{name} pulls and stores: CPU per 10,000 against ours",
                f"{theirs:.2f} s",
                f"{ours:.2f} s",
                f"{theirs / ours:.1f}",
                f">= {TIMES_LESS:g}",
                theirs / ours >= TIMES_LESS,
            ),
            Row(
                f"{name} creates in batches, keeps nothing: CPU per 10,000 against "
                f"ours, links and plan kept",
                f"{theirs_sent:.2f} s",
                f"{sent:.2f} s",
                f"{theirs_sent / sent:.2f}",
            ),
        ]
    return found
