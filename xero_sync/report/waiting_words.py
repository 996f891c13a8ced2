"""Why a run waits for Xero, when it goes on, and what a person may do about it."""

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from xero_sync.models import SyncRun
from xero_sync.outcomes.codes import RunProblem
from xero_sync.report.heartbeat import at
from xero_sync.report.wording import RUN_PROBLEMS
from xero_sync.runs.ending import ATTEMPTS
from xero_sync.runs.waiting import Shortcut, kept_calls


def waiting_words(run: SyncRun, shortcut: Shortcut | None) -> str:
    if not run.problem:
        return "Waiting for Xero."
    if shortcut is Shortcut.KEPT_CALLS:
        return (
            "The calls of today for automatic syncs are used up; the last "
            f"{kept_calls(run):,} are kept for people. It goes on by itself {_when(run)}; "
            "to use those, press Go on now."
        )
    words = RUN_PROBLEMS[RunProblem(run.problem)]
    if run.problem == RunProblem.UNAVAILABLE:
        tries = int(run.problem_details.get("attempts", 0))
        tried = f" (try {tries} of {ATTEMPTS})" if tries else ""
        return f"{words.title}{tried}. {words.why} We try again {_when(run)}."
    return (
        f"{words.title}. {words.why} It goes on by itself {_when(run)}; nothing "
        "needs doing."
    )


def _when(run: SyncRun) -> str:
    until = parse_datetime(run.problem_details.get("until", ""))
    return f"at {at(until)}" if until and until > timezone.now() else "in a moment"
