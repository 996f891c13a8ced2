"""The rows of the failure report as the page shows them: field, buttons, facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django import forms

from invoicing.models import Invoice
from xero_sync.consolidation.alike import alike_in
from xero_sync.consolidation.candidates import Candidate, candidates_of
from xero_sync.models import SyncIssue, SyncSettings, XeroConnection
from xero_sync.outcomes.codes import IssueCode
from xero_sync.report.deep_links import xero_url
from xero_sync.report.fields import (
    EditableField,
    choices_of,
    details_of,
    editable_field,
    is_right_now,
)
from xero_sync.report.merge_links import merge_url
from xero_sync.report.naming import proposed_names
from xero_sync.report.queries import Group, waiting_counts
from xero_sync.report.wording import note_of, words_of
from xero_sync.report.words import Control

ROWS_SHOWN = 10
_CUSTOMERS_FAULT = (IssueCode.CUSTOMER_NOT_IN_XERO, IssueCode.CONTACT_ARCHIVED_IN_XERO)


@dataclass(frozen=True)
class Row:
    """``form`` is None where there is no value to correct in the row; ``waiting``
    invoices follow once this is put right."""

    issue: SyncIssue
    note: str
    form: forms.Form | None = None
    candidates: Sequence[Candidate] = ()
    xero_url: str = ""
    waiting: int = 0
    name_form: forms.Form | None = None
    is_corrected: bool = False

    @property
    def url(self) -> str:
        """The page where it can be put right."""
        record = self.issue.record
        if isinstance(record, Invoice) and self.issue.code in _CUSTOMERS_FAULT:
            return record.customer.get_absolute_url()
        return record.get_absolute_url() if record else ""

    @property
    def merge_url(self) -> str:
        """Where it is compared with another of ours that it may be the same as."""
        return merge_url(self.issue)

    @property
    def brings_back(self) -> bool:
        """Whether ours may take its place again, by somebody who may change it."""
        return words_of(self.issue.code, self.issue.kind).control == Control.BRING_BACK

    @property
    def both(self) -> Mapping[str, str]:
        """The field's label, our value and Xero's."""
        return details_of(self.issue, None)

    @property
    def accepts(self) -> bool:
        return words_of(self.issue.code, self.issue.kind).control == Control.ACCEPT


@dataclass(frozen=True)
class ShownGroup:
    """``alike``: how many of its records say the same as those in Xero."""

    group: Group
    rows: Sequence[Row]
    is_open: bool = False
    hidden: int = 0
    alike: int = 0


@dataclass
class RowMaker:
    """Reads once what all rows of a page need."""

    connection: XeroConnection | None
    settings: SyncSettings = field(default_factory=SyncSettings.current)
    _choices: dict[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def row(
        self,
        issue: SyncIssue,
        candidates: Mapping[int, Sequence[Candidate]] | None = None,
        waiting: Mapping[int, int] | None = None,
        names: Mapping[int, str] | None = None,
        *,
        typed: str | None = None,
        error: str = "",
        named: str | None = None,
        name_error: str = "",
    ) -> Row:
        if candidates is None:
            candidates = candidates_of([issue], self.settings)
        if waiting is None:
            waiting = waiting_counts([issue], self.settings)
        if names is None:
            names = proposed_names([issue], self.connection)
        words = words_of(issue.code, issue.kind)
        editable = editable_field(issue, self.settings)
        note = note_of(issue.code, issue.kind, details_of(issue, editable))
        form, is_corrected = None, False
        if editable:
            is_corrected = typed is None and is_right_now(issue.code, editable.value)
            value = editable.value if typed is None else typed
            wrong = "" if is_corrected else error or words.at_field or note
            form = self._form(issue, editable, value, wrong)
        pairs = words.control == Control.PAIR or words.also_pair
        return Row(
            issue=issue,
            note=note,
            form=form,
            candidates=candidates.get(issue.pk, ()) if pairs else (),
            xero_url=_xero_url(self.connection, issue),
            waiting=waiting.get(issue.contact_id or 0, 0),
            name_form=name_form(issue, names, named, name_error),
            is_corrected=is_corrected,
        )

    def groups(
        self, groups: Iterable[Group], *, open_key: str = "", shown: int = ROWS_SHOWN
    ) -> list[ShownGroup]:
        """The first group stands open, or the one that was asked for."""
        groups = list(groups)
        opened = open_key if any(g.key == open_key for g in groups) else ""
        visible = {
            g.key: g.issues if g.key == open_key else g.issues[:shown] for g in groups
        }
        issues = [issue for members in visible.values() for issue in members]
        candidates = candidates_of(issues, self.settings)
        waiting = waiting_counts(issues, self.settings)
        names = proposed_names(issues, self.connection)
        return [
            ShownGroup(
                group=group,
                rows=[
                    self.row(issue, candidates, waiting, names)
                    for issue in visible[group.key]
                ],
                is_open=group.key == opened if opened else place == 0,
                hidden=len(group.issues) - len(visible[group.key]),
                alike=len(alike_in(group.issues, self.settings)),
            )
            for place, group in enumerate(groups)
        ]

    def _form(
        self, issue: SyncIssue, editable: EditableField, value: str, error: str
    ) -> forms.Form:
        """Bound, so that the reason stands at the field as any other error does."""
        form = forms.Form({"value": value}, auto_id=f"issue-{issue.pk}-%s")
        form.fields["value"] = self._control(editable, value)
        form.full_clean()
        if error:
            form.add_error("value", error)
        return form

    def _control(self, editable: EditableField, value: str) -> forms.Field:
        if editable.choices_of:
            known = self._known_choices(editable)
            missing = [] if value in dict(known) else [(value, value or "None")]
            return forms.ChoiceField(
                label=editable.label, choices=[*missing, *known], required=False
            )
        widget = forms.DateInput() if editable.is_date else forms.TextInput()
        return forms.CharField(label=editable.label, widget=widget, required=False)

    def _known_choices(self, editable: EditableField) -> Sequence[tuple[str, str]]:
        if editable.choices_of not in self._choices:
            self._choices[editable.choices_of] = choices_of(editable)
        return self._choices[editable.choices_of]


def name_form(
    issue: SyncIssue, names: Mapping[int, str], typed: str | None, error: str
) -> forms.Form | None:
    """The proposal, to approve or to write another one."""
    if issue.pk not in names:
        return None
    value = names[issue.pk] if typed is None else typed
    form = forms.Form({"value": value}, auto_id=f"name-{issue.pk}-%s")
    form.fields["value"] = forms.CharField(label="Name in Xero", required=False)
    form.full_clean()
    if error:
        form.add_error("value", error)
    return form


def _xero_url(connection: XeroConnection | None, issue: SyncIssue) -> str:
    other = str(issue.details.get("other_xero_id", ""))
    return xero_url(connection, issue.kind, other or issue.xero_id)
