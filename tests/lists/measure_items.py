"""How well items are matched on made-up lists: `python -m tests.lists.measure_items`."""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.lists.items import RATES, ItemLists, make_item_lists
from tests.lists.score import Score, score
from xero_sync.matching.files.items import our_items, xero_items
from xero_sync.matching.items import Match, match_items

PRODUCTS = 2060
CODES = ("shared", "independent")


@dataclass(frozen=True)
class Measured:
    score: Score
    review_pairs: int
    seconds: float


def match_lists(lists: ItemLists) -> list[Match]:
    """Through files, as the command does."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "ours.jsonl"), Path(folder, "xero.json")
        ours.write_text("".join(f"{json.dumps(row)}\n" for row in lists.ours))
        theirs.write_text(json.dumps({"Items": lists.theirs}))
        return match_items(list(our_items(ours)), list(xero_items(theirs)))


def measure(lists: ItemLists) -> Measured:
    started = time.process_time()
    found = match_lists(lists)
    seconds = time.process_time() - started
    scored = score(
        (
            (str(one.local_id), one.xero_id, "auto" if one.certain else "review")
            for one in found
        ),
        lists.product_here,
        lists.product_there,
    )
    return Measured(scored, sum(not one.certain for one in found), seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--products", type=int, default=PRODUCTS)
    parser.add_argument("--codes", choices=CODES, action="append")
    options = parser.parse_args()
    say = sys.stdout.write
    for codes in options.codes or CODES:
        total, pairs, seconds = Score(), 0, 0.0
        happened: Counter[str] = Counter()
        for seed in range(options.first, options.first + options.seeds):
            lists = make_item_lists(
                seed, options.products, shared_numbering=codes == "shared"
            )
            found = measure(lists)
            total += found.score
            pairs += found.review_pairs
            seconds += found.seconds
            happened += lists.happened
        say(
            f"{codes} codes, {options.seeds} lists of "
            f"{total.records // options.seeds}: precision {total.precision:.5f} "
            f"({total.wrong} of {total.right + total.wrong} wrong), recall "
            f"{total.recall:.4f}, with review {total.recall_with_review:.4f}, "
            f"{pairs / options.seeds:.0f} review pairs, {total.asked / options.seeds:.0f} "
            f"items asked about, {seconds / options.seeds:.1f} s\n"
        )
    say("".join(f"  {what}: {share:.1%}\n" for what, share in RATES.items()))


if __name__ == "__main__":
    main()
