"""What a run asks before it carries out a plan that concerns much of a kind, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xero_sync.models import PlannedChange, SyncRun, XeroConnection
from xero_sync.outcomes.kinds import Action, Direction
from xero_sync.report.wording import nouns

# By effect and direction, after "12 of 40 contacts would".
_WOULD = {
    ("archived", Direction.TO_US): "be archived here",
    ("archived", Direction.TO_XERO): "be archived in Xero",
    ("cancelled", Direction.TO_US): "be cancelled here",
    ("cancelled", Direction.TO_XERO): "be voided or deleted in Xero",
    ("renamed", Direction.TO_US): "get another name or code here",
    ("renamed", Direction.TO_XERO): "get another name or code in Xero",
    ("blanked", Direction.TO_US): "lose a value here",
    ("blanked", Direction.TO_XERO): "lose a value in Xero",
}
_BECAUSE = {
    Direction.TO_US: "because that is what somebody did in Xero",
    Direction.TO_XERO: "because that is what somebody did here",
}


@dataclass(frozen=True)
class QuestionPart:
    """``count`` of ``of`` records of a kind that both sides hold."""

    count: int
    of: int
    kind: str
    effect: str
    direction: str
    names: tuple[str, ...]

    @property
    def sentence(self) -> str:
        would = _WOULD[self.effect, Direction(self.direction)]
        because = _BECAUSE[Direction(self.direction)]
        return f"{self.count:,} of {self.of:,} {nouns(self.kind)} would {would}, {because}."

    @property
    def examples(self) -> str:
        more = self.count - len(self.names)
        named = ", ".join(self.names)
        return f"{named} and {more:,} more" if more else named


def question_parts(run: SyncRun) -> list[QuestionPart]:
    parts: list[Mapping[str, Any]] = run.question.get("parts", [])
    return [
        QuestionPart(
            count=part["count"],
            of=part["of"],
            kind=part["kind"],
            effect=part["effect"],
            direction=part["direction"],
            names=tuple(part["names"]),
        )
        for part in parts
    ]


def question_sentences(run: SyncRun) -> list[str]:
    return [part.sentence for part in question_parts(run)]


def kept_back_names(connection: XeroConnection) -> list[str]:
    """The records whose changes a person told the sync to leave out, by their titles."""
    if not connection.kept_back:
        return []
    held = PlannedChange.objects.filter(
        run__connection=connection, state=PlannedChange.State.HELD
    ).exclude(action__in=[Action.HOLD, Action.CREATE, Action.LEAVE])
    latest = held.order_by("-run").values_list("run", flat=True).first()
    return list(held.filter(run=latest).values_list("title", flat=True))
