"""The tables of the docs of the sync, written from the code that they describe.

``python -m tests.architecture.tables`` puts them into the pages anew.
"""

import re
from collections.abc import Iterable

from tests.services import ROOT
from xero_sync.outcomes.authority import CONTACT_FIELDS, ITEM_FIELDS, Rule, Way
from xero_sync.outcomes.codes import NOTICES, IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.report.wording import RUN_PROBLEMS, STEPS, WORDS, WORDS_OF_KIND
from xero_sync.report.words import Words
from xero_sync.runs.plan import BOTH_SIDES_HOLD_DATA, XERO_IS_EMPTY

NOTHING = "-"
SYNC_PAGES = sorted((ROOT / "docs").glob("sync*.md"))
_TABLE = re.compile(
    r"(?P<start><!-- table: (?P<name>[\w-]+) -->\n).*?(?P<end><!-- end -->)", re.S
)


def with_tables(page: str) -> str:
    """The page with each table between its markers as the code has it now."""
    tables = all_tables()
    return _TABLE.sub(
        lambda found: f"{found['start']}{tables[found['name']]}\n{found['end']}", page
    )


def table_names(page: str) -> list[str]:
    return [found["name"] for found in _TABLE.finditer(page)]


def all_tables() -> dict[str, str]:
    return {
        "steps": _steps(),
        "contact-fields": _fields(CONTACT_FIELDS),
        "item-fields": _fields(ITEM_FIELDS),
        "issues": _issues(),
        "run-problems": _run_problems(),
    }


def _steps() -> str:
    empty = list(XERO_IS_EMPTY)
    rows = (
        (
            f"`{step}`",
            STEPS[step],
            str(place),
            str(empty.index(step) + 1) if step in empty else NOTHING,
        )
        for place, step in enumerate(BOTH_SIDES_HOLD_DATA, start=1)
    )
    return _table(("name", "what people read", "both hold data", "Xero empty"), rows)


def _fields(rules: Iterable[Rule]) -> str:
    rows = (
        (
            f"`{rule.field}`",
            rule.label,
            str(rule.way),
            str(rule.winner),
            str(rule.limit or NOTHING),
            _blank_is_sent(rule),
        )
        for rule in rules
    )
    head = (
        "field",
        "label",
        "way",
        "wins when both changed",
        "limit",
        "a blank is sent",
    )
    return _table(head, rows)


def _blank_is_sent(rule: Rule) -> str:
    if rule.way is Way.TO_US:
        return NOTHING
    return "yes" if rule.clears else "no"


def _issues() -> str:
    rows: list[tuple[str, ...]] = []
    for code, words in WORDS.items():
        rows.append((f"`{code}`", *_said(code, words)))
        rows += [
            (f"`{code}`, {_noun(kind)}", *_said(code, special))
            for (of, kind), special in WORDS_OF_KIND.items()
            if of is code
        ]
    return _table(("code", "", "what people read", "why", "how to put it right"), rows)


def _run_problems() -> str:
    rows = (
        (f"`{problem}`", words.title, words.why, words.fix)
        for problem, words in RUN_PROBLEMS.items()
    )
    return _table(("problem", "what people read", "why", "what to do"), rows)


def _said(code: IssueCode, words: Words) -> tuple[str, str, str, str]:
    weight = "held" if words.is_held else "failed"
    weight = "notice" if code in NOTICES else weight
    return weight, words.title, words.why, words.fix


def _noun(kind: Kind) -> str:
    return kind.replace("_", " ")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    for page in SYNC_PAGES:
        page.write_text(with_tables(page.read_text()))
