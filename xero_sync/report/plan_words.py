"""A plan in words: what will be done, counted, and each change with its reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst

from xero_sync.models import PlannedChange, SyncRun, SyncSettings
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Action
from xero_sync.report.bringing_back import standing
from xero_sync.report.values import value_in_words
from xero_sync.report.wording import (
    STEPS,
    action_words,
    field_label,
    note_of,
    words_of,
)

LISTED = 10
_BAD = (Action.HOLD, Action.REFUSE)


@dataclass(frozen=True)
class PreviewRow:
    title: str
    reason: str
    url: str = ""


@dataclass
class PreviewGroup:
    """Changes of one step that are alike: "118 new in Xero"."""

    words: str
    tone: str
    count: int = 0
    rows: list[PreviewRow] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True)
class PreviewStep:
    name: str
    label: str
    groups: Sequence[PreviewGroup]

    @property
    def summary(self) -> str:
        """ "45 recognised, 9 new here" """
        return ", ".join(f"{group.count} {group.words}" for group in self.groups)


@dataclass(frozen=True)
class FieldRow:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class LoserRow:
    """A value of ours that Xero's replaced; ``stands``: Xero's is still the one."""

    name: str
    label: str
    ours: str
    xeros: str
    stands: bool


@dataclass(frozen=True)
class ChangeRow:
    change: PlannedChange
    action: str
    reason: str
    fields: Sequence[FieldRow]
    losers: Sequence[LoserRow]
    tone: str


def preview_steps(run: SyncRun) -> list[PreviewStep]:
    """In the order they will be carried out; a step without work says so."""
    groups: dict[str, dict[str, PreviewGroup]] = {}
    for change in run.changes.all():
        words = action_words(change.action, change.direction)
        step = groups.setdefault(change.step, {})
        group = step.setdefault(words, PreviewGroup(words, _tone(change)))
        group.count += 1
        if len(group.rows) < LISTED or change.action in _BAD:
            group.rows.append(PreviewRow(change.title, _reason(change)))
    return [
        PreviewStep(
            step.name, STEPS[step.name], list(groups.get(step.name, {}).values())
        )
        for step in run.steps.all()
    ]


def change_rows(changes: Iterable[PlannedChange]) -> list[ChangeRow]:
    changes = list(changes)
    stand = standing(changes, SyncSettings.current())
    return [
        ChangeRow(
            change=change,
            action=capfirst(action_words(change.action, change.direction)),
            reason=_reason(change),
            fields=_field_rows(change.fields),
            losers=_loser_rows(change, stand),
            tone=_STATE_TONES[PlannedChange.State(change.state)],
        )
        for change in changes
    ]


_STATE_TONES = {
    PlannedChange.State.PLANNED: "mute",
    PlannedChange.State.DONE: "ok",
    PlannedChange.State.DROPPED: "mute",
    PlannedChange.State.FAILED: "bad",
    PlannedChange.State.HELD: "warn",
}


def _tone(change: PlannedChange) -> str:
    if change.action == Action.REFUSE:
        return "bad"
    return "warn" if change.action == Action.HOLD else "mute"


def _reason(change: PlannedChange) -> str:
    """Why it is done; of trouble, what the trouble is."""
    if change.code in IssueCode.__members__.values():
        note = note_of(change.code, change.kind, change.details)
        title = words_of(change.code, change.kind).title
        return f"{title}. {note}".rstrip()
    return capfirst(change.reason)


def _loser_rows(
    change: PlannedChange, stand: Collection[tuple[int, str]]
) -> list[LoserRow]:
    return [
        LoserRow(
            name=row["name"],
            label=field_label(row["name"]),
            ours=value_in_words(row["name"], row["before"]),
            xeros=value_in_words(row["name"], row["after"]),
            stands=(change.pk, row["name"]) in stand,
        )
        for row in change.losers
    ]


def _field_rows(rows: Iterable[Mapping[str, Any]]) -> list[FieldRow]:
    return [
        FieldRow(
            field_label(row["name"]),
            value_in_words(row["name"], row["before"]),
            value_in_words(row["name"], row["after"]),
        )
        for row in rows
    ]
