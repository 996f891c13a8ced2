"""How the sync is doing at this moment, for every page.

One query reads the signs; the judgement is made of them alone, so that a page shows that
something is wrong although no worker and no timer is alive to say so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from fieldops.common.prepared import prepared
from xero_sync.models import (
    FoundPair,
    SyncIssue,
    SyncRun,
    SyncSettings,
    SyncStep,
    XeroConnection,
)
from xero_sync.outcomes.codes import RunProblem
from xero_sync.report.wording import RUN_PROBLEMS

# A run starts half a minute after it was due; so much longer and something is wrong.
GRACE = timedelta(minutes=5)
# So long without a commit or a tick, and nobody is there.
SILENCE = timedelta(minutes=3)

_STATE = XeroConnection.State
_RUN = SyncRun.State


class Pulse(StrEnum):
    OFF = "off"
    CHOOSING = "choosing"
    BROKEN = "broken"
    ASKING = "asking"
    RUNNING = "running"
    WAITING = "waiting"
    LATE = "late"
    STARTING = "starting"
    NEVER = "never"
    GOOD = "good"


@dataclass(frozen=True)
class Signs:
    """What the rows say. ``run_`` fields are of the open run people wait for, if any."""

    pk: int
    state: str
    connected_at: datetime | None
    broken_at: datetime | None
    renewed_at: datetime | None
    first_sync_done_at: datetime | None
    last_good_sync_at: datetime | None
    next_due_at: datetime | None
    ticked_at: datetime | None
    worked_at: datetime | None
    lease_expires_at: datetime | None
    to_fix: int
    to_check: int
    mode: str
    frequency: int
    run_pk: int | None
    run_state: str
    run_problem: str
    run_until: str
    run_created_at: datetime | None
    done: int
    total: int

    @property
    def waits_until(self) -> datetime | None:
        return parse_datetime(self.run_until) if self.run_until else None

    def is_waiting(self, now: datetime) -> bool:
        """For Xero, until a moment that has not long passed."""
        until = self.waits_until
        if self.run_state != _RUN.WAITING or until is None:
            return False
        return now - until < GRACE

    def is_at_work(self, now: datetime) -> bool:
        """Between two slices nobody holds the lease; the last commit is a moment ago."""
        if self.lease_expires_at and self.lease_expires_at > now:
            return True
        return self.worked_at is not None and now - self.worked_at < SILENCE


def read_signs() -> Signs | None:
    """None before Xero was ever connected."""
    return next((Signs(*row) for row in _signs()), None)


def pulse_of(signs: Signs | None, now: datetime) -> Pulse:
    if signs is None or signs.state == _STATE.DISCONNECTED:
        return Pulse.OFF
    if signs.state != _STATE.CONNECTED:
        return Pulse.BROKEN if signs.state == _STATE.BROKEN else Pulse.CHOOSING
    if signs.run_state == _RUN.ASKING:
        return Pulse.ASKING
    if signs.is_waiting(now):
        return Pulse.WAITING
    if signs.run_state and signs.is_at_work(now):
        return Pulse.RUNNING
    if late_since(signs, now):
        return Pulse.LATE
    if signs.run_state:
        return Pulse.STARTING
    if signs.first_sync_done_at is None:
        return Pulse.NEVER
    return Pulse.GOOD if signs.last_good_sync_at else Pulse.NEVER


def late_since(signs: Signs, now: datetime) -> datetime | None:
    """The moment at which a run should have happened that did not; None if all is well.

    A run that is at work is not late, however long it takes. One that lies untouched is,
    whoever asked for it; so is what was due a whole interval ago.
    """
    if signs.state != _STATE.CONNECTED or signs.is_at_work(now):
        return None
    lies = signs.run_state != _RUN.ASKING and not signs.is_waiting(now)
    asked = signs.run_created_at
    if lies and asked and now - asked > GRACE:
        return asked
    due = signs.next_due_at
    is_automatic = signs.mode == SyncSettings.Mode.AUTOMATIC
    if not is_automatic or due is None or signs.first_sync_done_at is None:
        return None
    return due if now - due > timedelta(minutes=signs.frequency) + GRACE else None


@dataclass(frozen=True)
class Alarm:
    """A due run did not happen: since when, and the likely cause in plain words."""

    since: datetime
    cause: str

    @property
    def title(self) -> str:
        return f"The Xero sync due at {at(self.since)} has not happened"


def alarm_of(signs: Signs | None, now: datetime) -> Alarm | None:
    since = late_since(signs, now) if signs else None
    if signs is None or since is None:
        return None
    return Alarm(since, _likely_cause(signs, now))


def _likely_cause(signs: Signs, now: datetime) -> str:
    if signs.run_state == _RUN.ASKING:
        return "It waits for an answer: look at its question on the sync page."
    until = signs.waits_until
    if until and signs.is_waiting(now):
        words = RUN_PROBLEMS[RunProblem(signs.run_problem)]
        return f"{words.title}. It goes on by itself at {at(until)}."
    return _who_is_missing(signs, now)


def _who_is_missing(signs: Signs, now: datetime) -> str:
    """The tick runs in a worker: as long as it comes, both timer and worker are there."""
    ticked = signs.ticked_at
    silence = SILENCE + timedelta(seconds=settings.XERO_TICK_SECONDS)
    if ticked and now - ticked < silence:
        return (
            "The background service is running, but does not get on with it. "
            "Its log says why."
        )
    if ticked and signs.worked_at and signs.worked_at - ticked > silence:
        return (
            f"The timer (beat) has not reported since {at(ticked)}. Sync now still "
            "works. Whoever looks after the server starts the timer again."
        )
    reported = f"has not reported since {at(ticked)}" if ticked else "never reported"
    return (
        f"The background service (worker and beat) {reported}. "
        "Whoever looks after the server starts it again; nothing is lost meanwhile."
    )


def at(moment: datetime) -> str:
    """10:47; with the day when it is not today."""
    local = timezone.localtime(moment)
    is_today = local.date() == timezone.localdate()
    return date_format(local, "H:i" if is_today else "j M, H:i")


@prepared
def _signs() -> "QuerySet[XeroConnection, tuple[Any, ...]]":
    """One row, one query. Of several open runs the one that asks, else the oldest."""
    asks_first = Case(When(state=_RUN.ASKING, then=0), default=1)
    run = (
        SyncRun.objects.open()
        .filter(connection=OuterRef("pk"))
        .order_by(asks_first, "pk")
    )
    steps = SyncStep.objects.filter(run=OuterRef("run_pk")).order_by().values("run")
    settled = Sum("done") + Sum("failed") + Sum("held")
    choices = SyncSettings.objects.filter(pk=1)
    issues = (
        SyncIssue.objects.to_fix()
        .filter(connection=OuterRef("pk"))
        .order_by()
        .values("connection")
    )
    pairs = (
        FoundPair.objects.doubtful()
        .filter(connection=OuterRef("pk"))
        .order_by()
        .values("connection")
    )
    return (
        XeroConnection.objects.filter(is_current=True)
        .annotate(
            run_pk=Subquery(run.values("pk")[:1]),
            run_state=_text(run.values("state")[:1]),
            run_problem=_text(run.values("problem")[:1]),
            run_until=_text(
                run.annotate(until=KT("problem_details__until")).values("until")[:1]
            ),
            run_created_at=Subquery(run.values("created_at")[:1]),
            mode=_text(choices.values("mode")[:1], SyncSettings.Mode.AUTOMATIC),
            frequency=_number(
                choices.values("frequency")[:1], SyncSettings.Frequency.MINUTES_10
            ),
            to_fix=_number(issues.annotate(n=Count("pk")).values("n")),
            to_check=_number(pairs.annotate(n=Count("pk")).values("n")),
            done=_number(steps.annotate(n=settled).values("n")),
            total=_number(steps.annotate(n=Sum("total")).values("n")),
        )
        .values_list(*Signs.__dataclass_fields__)
    )


def _text(query: Any, default: str = "") -> Any:
    return Coalesce(Subquery(query), Value(default), output_field=TextField())


def _number(query: Any, default: int = 0) -> Any:
    return Coalesce(Subquery(query), default, output_field=IntegerField())
