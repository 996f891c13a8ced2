"""How FEBRL 4 is matched: ``make febrl`` fetches the lists and prints it. Fails where
anybody is taken for somebody else, or fewer are found than were."""

import sys
import tempfile
import time
from pathlib import Path

from tests.lists import febrl
from xero_sync.matching.contacts import match_contacts
from xero_sync.matching.files.contacts import our_contacts, xero_contacts

PERSONS = 5000
# Of these, linked by itself and found with review, by where the number of a person goes.
LEAST = {
    "as VAT number": (5000, 5000),
    "as account number": (5000, 5000),
    "as phone number": (5000, 5000),
    "left out": (4840, 4995),
}


def main() -> int:
    results = [_is_good(number) for number in febrl.NUMBERS]
    return 0 if all(results) else 1


def _is_good(number: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        left, right = febrl.write(Path(folder), number)
        started = time.process_time()
        matches = match_contacts(list(our_contacts(left)), list(xero_contacts(right)))
    pairs = [
        (febrl.person(str(one.local_id)), febrl.person(one.xero_id), one.certain)
        for one in matches
    ]
    linked = [(one, other) for one, other, certain in pairs if certain]
    wrong = [pair for pair in linked if pair[0] != pair[1]]
    found = {one for one, other, _ in pairs if one == other}
    sys.stdout.write(
        f"Their number {number}: {len(linked):,} of {PERSONS:,} persons linked, "
        f"{len(wrong)} of them wrongly; {len(found):,} found with review, in "
        f"{len(pairs) - len(linked):,} pairs to decide; "
        f"{time.process_time() - started:.1f} s of processor time.\n"
    )
    least_linked, least_found = LEAST[number]
    return not wrong and len(linked) >= least_linked and len(found) >= least_found


if __name__ == "__main__":
    sys.exit(main())
