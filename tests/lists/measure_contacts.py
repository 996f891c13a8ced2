"""How well contacts are matched on made-up lists, and what it costs:
`python -m tests.lists.measure_contacts --contacts 5000 --seeds 10`."""

import argparse
import resource
import sys
import time
from collections import Counter

from tests.lists.candidates import our_candidate, scored, their_candidate
from tests.lists.contacts import RATES, make_lists
from tests.lists.parties import KINDS
from tests.lists.score import Score
from xero_sync.matching.contacts import match_contacts

HEAD = """\
| numbering | lists | wrong of automatic | precision | recall | with review | asked | CPU s |
|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=5000)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--numbering", choices=("shared", "independent"), nargs="*")
    options = parser.parse_args()
    say = sys.stdout.write
    seeds = range(options.first, options.first + options.seeds)
    say(HEAD)
    faults: Counter[str] = Counter()
    for numbering in options.numbering or ("shared", "independent"):
        say(_line(numbering, seeds, options.contacts, faults))
        sys.stdout.flush()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"\nPeak of memory, the lists themselves included: {peak:,.0f} MB\n")
    say("\nParties by kind:\n")
    say("".join(f"  {kind}: {share:.0%}\n" for kind, share in KINDS.items()))
    say("\nWhat went wrong in writing them down, by rate and count:\n")
    say("".join(f"  {f}: {r:.1%} ({faults[f]:,})\n" for f, r in RATES.items()))


def _line(numbering: str, seeds: range, contacts: int, faults: Counter[str]) -> str:
    total, seconds = Score(), 0.0
    for seed in seeds:
        lists = make_lists(seed, contacts, shared_numbering=numbering == "shared")
        faults.update(lists.faults)
        ours = [our_candidate(row) for row in lists.ours]
        theirs = [their_candidate(row) for row in lists.theirs]
        lists.ours.clear()
        lists.theirs.clear()
        started = time.process_time()
        found = match_contacts(ours, theirs)
        seconds += time.process_time() - started
        total += scored(found, lists)
    cells = (
        numbering,
        f"{len(seeds)} of {total.records // len(seeds):,}",
        f"{total.wrong} of {total.right + total.wrong:,}",
        f"{total.precision:.3%}",
        f"{total.recall:.1%}",
        f"{total.recall_with_review:.2%}",
        f"{total.asked_share:.1%}",
        f"{seconds / len(seeds):.1f}",
    )
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    main()
