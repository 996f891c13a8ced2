"""The matcher on two made-up lists whose truth is known, without a database."""

import time
from typing import Any

from tests.lists.candidates import our_candidate, scored, their_candidate
from tests.lists.contacts import make_lists
from xero_sync.matching.contacts import match_contacts

# One of those that nothing was ever tuned on.
SEED = 1000


def run(options: dict[str, Any]) -> dict[str, Any]:
    """``numbering``: shared, or independent on either side."""
    shared = options["numbering"] == "shared"
    lists = make_lists(SEED, options["records"], shared_numbering=shared)
    ours = [our_candidate(row) for row in lists.ours]
    theirs = [their_candidate(row) for row in lists.theirs]
    # The matcher is given no rows, so none count as its memory.
    lists.ours.clear()
    lists.theirs.clear()
    began, cpu = time.monotonic(), time.process_time()
    found = match_contacts(ours, theirs)
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    score = scored(found, lists)
    return {
        "seconds": seconds,
        "cpu": cpu,
        "right": score.right,
        "wrong": score.wrong,
        "precision": score.precision,
        "recall": score.recall,
    }
