"""The panel of a run under way: how far, how long yet, which steps."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import ceil
from typing import Any

from django.template.defaultfilters import pluralize
from django.utils import timezone

from xero_sync.models import SyncRun, SyncStep
from xero_sync.outcomes.kinds import Step
from xero_sync.report.queries import open_issues
from xero_sync.report.render import changed_words
from xero_sync.report.waiting_words import waiting_words
from xero_sync.report.wording import STEPS, STEPS_DOING
from xero_sync.runs.signed import changed_since
from xero_sync.runs.waiting import Shortcut, run_that_waits, shortcut_of

_TITLES = {
    SyncRun.Reason.FIRST: "First sync",
    SyncRun.Reason.ASKED: "Sync",
    SyncRun.Reason.AUTOMATIC: "Automatic sync",
    SyncRun.Reason.RECORDS: "Sending chosen records",
    SyncRun.Reason.PREVIEW: "Preview of the first sync",
    SyncRun.Reason.UNDO: "Undo",
}
_DOING = {
    SyncRun.State.QUEUED: "Waiting to start.",
    SyncRun.State.OBSERVING: "Reading from Xero.",
    SyncRun.State.PLANNING: "Comparing both sides.",
}
# Too early to tell how long it will take.
_EARLY = 0.05


@dataclass(frozen=True)
class Panel:
    run: SyncRun
    steps: list[SyncStep]
    now: datetime

    @property
    def title(self) -> str:
        name = _TITLES[SyncRun.Reason(self.run.reason)]
        if self.waiting_run:
            return f"{name} waits for Xero"
        if self.run.is_open:
            return f"{name} is running"
        return f"{name}: {self.run.get_state_display().lower()}"

    @property
    def is_preview(self) -> bool:
        return self.run.reason == SyncRun.Reason.PREVIEW

    @property
    def total(self) -> int:
        return sum(step.total for step in self.steps)

    @property
    def settled(self) -> int:
        return sum(step.done + step.failed + step.held for step in self.steps)

    @property
    def position(self) -> int:
        """Of the step under way; 0 before the first. Readers hear of each new one."""
        active = self.active
        return active.position if active else 0

    @property
    def active(self) -> SyncStep | None:
        return next((s for s in self.steps if s.state == SyncStep.State.ACTIVE), None)

    @property
    def doing(self) -> str:
        if self.waiting_run:
            return waiting_words(self.waiting_run, self.shortcut)
        if self.active:
            return STEPS_DOING[self.active.name]
        return _DOING.get(SyncRun.State(self.run.state), "")

    @cached_property
    def waiting_run(self) -> SyncRun | None:
        """The run that Xero makes wait: this one, or one before it."""
        return run_that_waits(self.run)

    @cached_property
    def shortcut(self) -> Shortcut | None:
        """How a person may shorten the wait."""
        return shortcut_of(self.waiting_run) if self.waiting_run else None

    @property
    def text(self) -> str:
        how_far = f"{self.settled:,} of {self.total:,} records. " if self.total else ""
        return f"{how_far}{self.doing} You can leave this page."

    @property
    def time_left(self) -> str:
        """From how long the part done has taken; nothing while that says little."""
        if not self.total or self.run.started_at is None:
            return ""
        share = self.settled / self.total
        if not _EARLY <= share < 1 or self.run.state == SyncRun.State.WAITING:
            return ""
        passed = (self.now - self.run.started_at).total_seconds()
        minutes = ceil(passed * (1 - share) / share / 60)
        return (
            "about a minute left" if minutes <= 1 else f"about {minutes} minutes left"
        )

    @property
    def ended_text(self) -> str:
        if self.is_preview:
            return ""
        if self.run.state == SyncRun.State.STOPPED:
            done = [s for s in self.steps if s.state == SyncStep.State.DONE]
            after = f" after {STEPS[done[-1].name]}" if done else ""
            return f"Stopped{after}. Start again any time; it carries on from there."
        count = sum(step.done for step in self.steps)
        if self.run.reason == SyncRun.Reason.UNDO:
            return f"{count:,} change{pluralize(count)} taken back."
        in_step = f"{count:,} record{pluralize(count)} brought in step"
        to_fix = open_issues(self.run.connection).count()
        changed = changed_since(self.run)
        if not to_fix and not changed:
            return f"{in_step}. Everything is in step with Xero."
        if to_fix:
            in_step = f"{in_step}, {to_fix:,} need{pluralize(to_fix, 's,')} a fix"
        return f"{in_step}. {changed_words(changed)}".strip()

    def step_rows(self) -> list[dict[str, Any]]:
        return [step_row(step) for step in self.steps]


def panel_of(run: SyncRun) -> Panel:
    return Panel(run, list(run.steps.all()), timezone.now())


def step_row(step: SyncStep) -> dict[str, Any]:
    settled = step.done + step.failed + step.held
    text = ""
    if step.state == SyncStep.State.DONE:
        is_left = step.name == Step.LEFT_AS_IT_IS
        text = str(step.held) if is_left else f"{step.done}{_trouble(step)}"
    elif step.state == SyncStep.State.ACTIVE:
        text = f"{settled} of {step.total}"
    elif step.total:
        text = f"Waiting, {step.total}"
    return {"label": STEPS[step.name], "state": step.state, "text": text}


def _trouble(step: SyncStep) -> str:
    parts = [(step.failed, "failed"), (step.held, "held back")]
    words = [f"{count} {word}" for count, word in parts if count]
    return f", {', '.join(words)}" if words else ""
