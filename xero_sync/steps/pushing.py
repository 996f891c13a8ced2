"""What sending a kind of record takes: the parts that ``steps.batches`` puts together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from xero_sync.models import Intent
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.drafts import ElementResult
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.context import Context
from xero_sync.store.intents import Member, members_of
from xero_sync.store.plan import Planned

# Said of a request with a record that Xero has no longer.
GONE = "Xero has this record no longer."
# By how much Xero's clock may be behind ours.
CLOCKS_DIFFER = timedelta(minutes=2)

Answer = tuple[Member, ElementResult | None]
Accepted = tuple[Member, ElementResult]


class Prepared(msgspec.Struct, frozen=True):
    """A change as it goes out: ``element`` is Xero's JSON, ``draft`` what the base will
    be once Xero has accepted it, ``key`` how to find it in the answer."""

    change: Planned
    key: str
    element: dict[str, object]
    draft: dict[str, Any]
    revision: int

    @property
    def member(self) -> Member:
        change = self.change
        return Member(
            change=change.pk,
            step=change.step,
            action=change.action,
            title=change.title,
            local_id=change.local_id or 0,
            xero_id=change.xero_id,
            key=self.key,
            draft=self.draft,
            revision=self.revision,
            planned=change.revision or 0,
        )


@dataclass(frozen=True, slots=True)
class Instead:
    """A change that is not sent: ``state`` is what became of it."""

    change: Planned
    state: str


@dataclass(frozen=True)
class Pushing:
    """What is special about a kind.

    ``prepare`` turns planned changes into elements, or says what became of them instead;
    ``slots`` are the settings under which it does. ``accept`` records accepted elements
    and gives the members that it could not. ``find`` reads back by our own keys,
    ``read`` by Xero's ids. ``is_same``: what was found is what we sent, since a moment.
    ``is_done``: what was read shows that an update has happened. ``explain`` may add to
    the words of a refusal.
    """

    kind: Kind
    resource: str
    slots: Callable[[Context], Mapping[str, str]]
    prepare: Callable[[Context, Sequence[Planned]], list[Prepared | Instead]]
    accept: Callable[
        [Context, Sequence[Accepted], Mapping[str, str]], Sequence[Accepted]
    ]
    find: Callable[[Context, Sequence[Member]], list[ElementResult]]
    read: Callable[[Context, Sequence[str]], list[ElementResult]]
    is_same: Callable[[Member, ElementResult, datetime], bool]
    is_done: Callable[[Context, Member, ElementResult], bool]
    explain: Callable[[Context, Member, Problem], Problem]


@dataclass(frozen=True)
class Flight:
    """An open intent on its way. ``again``: its records may have arrived before, so that
    no error proves that they did not."""

    pushing: Pushing
    intent: Intent
    members: Sequence[Member]
    again: bool = False

    @property
    def creates(self) -> bool:
        return self.intent.method == "PUT"


def flight_of(pushing: Pushing, intent: Intent) -> Flight:
    """An intent that an earlier slice left open."""
    return Flight(pushing, intent, members_of(intent), again=True)
