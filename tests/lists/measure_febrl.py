"""How FEBRL 4 is matched: ``make febrl`` fetches the lists and prints it. Fails where
anybody is taken for somebody else, or fewer are found than were."""

import sys
import time

from tests.lists import febrl
from xero_sync.matching.contacts import match_contacts

# Of the persons, linked by itself and with review: the rest share a number and most of an
# address, but one of two names is another one.
LINKED, FOUND = 0.73, 0.98


def main() -> int:
    started = time.process_time()
    ours = febrl.ours()
    matches = match_contacts(ours, febrl.theirs())
    pairs = [
        (febrl.person(str(one.local_id)), febrl.person(one.xero_id), one.certain)
        for one in matches
    ]
    linked = [(one, other) for one, other, certain in pairs if certain]
    wrong = [pair for pair in linked if pair[0] != pair[1]]
    found = {one for one, other, _ in pairs if one == other}
    sys.stdout.write(
        f"{len(ours):,} persons: {len(linked):,} linked, {len(wrong)} of them wrongly; "
        f"{len(found):,} found with review, in {len(pairs) - len(linked):,} pairs to "
        f"decide; {time.process_time() - started:.1f} s of processor time.\n"
    )
    enough = len(linked) >= LINKED * len(ours) and len(found) >= FOUND * len(ours)
    return 0 if enough and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
