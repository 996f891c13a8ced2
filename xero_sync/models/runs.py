"""Runs, their steps, the plan they carry out, the report they leave."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from fieldops.common.own_json import OwnJSONField
from xero_sync.models.connection import XeroConnection


class SyncRunQuerySet(models.QuerySet["SyncRun"]):
    def open(self) -> "SyncRunQuerySet":
        return self.filter(state__in=SyncRun.OPEN_STATES)


class SyncRun(models.Model):
    """One sync, from the press of the button to the report; the row is the queue.

    ``question`` is what the run asks before it carries its plan out (``runs.brake``),
    ``planned_under`` the fingerprint of the settings that the plan was made under,
    ``sign_off`` what a person said of the plan before the first sync, ``undoes`` the run
    whose changes this one takes back.
    """

    class Reason(models.TextChoices):
        FIRST = "first", "First sync"
        ASKED = "asked", "Sync now"
        AUTOMATIC = "automatic", "Automatic"
        RECORDS = "records", "Chosen records"
        PREVIEW = "preview", "Preview"
        UNDO = "undo", "Undo"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to start"
        OBSERVING = "observing", "Reading from Xero"
        PLANNING = "planning", "Comparing"
        APPLYING = "applying", "Running"
        WAITING = "waiting", "Waiting for Xero"
        ASKING = "asking", "Waiting for your answer"
        FINISHED = "finished", "Finished"
        STOPPED = "stopped", "Stopped"
        FAILED = "failed", "Could not finish"

    OPEN_STATES = (
        State.QUEUED,
        State.OBSERVING,
        State.PLANNING,
        State.APPLYING,
        State.WAITING,
        State.ASKING,
    )

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey(XeroConnection, models.CASCADE)
    reason = models.CharField(max_length=10, choices=Reason)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    scope = models.JSONField(default=dict, blank=True)
    undoes = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="undoings"
    )
    both_sides_hold_data = models.BooleanField(null=True)
    question = models.JSONField(default=dict, blank=True)
    planned_under = models.CharField(max_length=64, blank=True)
    sign_off = models.ForeignKey(
        "xero_sync.SignOff", models.SET_NULL, null=True, related_name="runs"
    )
    stop_asked = models.BooleanField(default=False)
    problem = models.CharField(max_length=20, blank=True)
    problem_details = models.JSONField(default=dict, blank=True)
    left_out = models.JSONField(default=dict, blank=True)
    reads = models.PositiveIntegerField(default=0)
    writes = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = SyncRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [
            ("view_sync", "Can see the sync"),
            ("run_sync", "Can start a sync"),
            ("fix_issue", "Can put failed records right"),
            ("connect_xero", "Can connect Xero"),
            ("change_settings", "Can change the sync's settings"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=Q(
                    state__in=[
                        "queued",
                        "observing",
                        "planning",
                        "applying",
                        "waiting",
                        "asking",
                    ]
                )
                & ~Q(reason__in=["records", "preview"]),
                name="one_open_run",
            ),
            models.UniqueConstraint(
                fields=["connection"],
                condition=Q(
                    reason="preview",
                    state__in=[
                        "queued",
                        "observing",
                        "planning",
                        "applying",
                        "waiting",
                        "asking",
                    ],
                ),
                name="one_open_preview",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("xero_sync:run", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES

    @property
    def is_asking(self) -> bool:
        return self.state == self.State.ASKING

    @property
    def undoing(self) -> "SyncRun | None":
        """The run that takes this one back, or has; none where it came to nothing, or
        where Xero refused a part of it or something moved meanwhile: then it may be
        asked for once more."""
        over = (self.State.STOPPED, self.State.FAILED)
        runs = self.undoings.exclude(state__in=over)
        not_done = (PlannedChange.State.FAILED, PlannedChange.State.DROPPED)
        in_part = Q(state=self.State.FINISHED, changes__state__in=not_done)
        return runs.exclude(in_part).order_by("pk").last()

    @property
    def calls(self) -> int:
        return self.reads + self.writes


class SyncStep(models.Model):
    """A step as people see it; counts are kept in the transaction of what they count."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        ACTIVE = "active", "Running"
        DONE = "done", "Done"

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=30)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "name"], name="step_once")
        ]

    def __str__(self) -> str:
        return self.name


class SignOff(models.Model):
    """A person's word that the plan of a preview is what the first sync shall do.

    ``digest`` is that of every change of the plan as it was shown (``runs.signed``),
    ``shown`` the figures beside it.
    """

    connection = models.ForeignKey(XeroConnection, models.CASCADE)
    preview = models.ForeignKey(SyncRun, models.CASCADE, related_name="sign_offs")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(auto_now_add=True)
    digest = models.CharField(max_length=64)
    shown = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Sign-off of {self.preview}"


class PlannedChange(models.Model):
    """One change of a run's plan (``outcomes.changes.Change``), and what became of it.

    One that is on its way is planned still: the open intents tell (``Intent``).
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        DONE = "done", "Done"
        DROPPED = "dropped", "Planned anew"
        FAILED = "failed", "Failed"
        HELD = "held", "Held back"

    run = models.ForeignKey(
        SyncRun, models.CASCADE, related_name="changes", db_index=False
    )
    step = models.CharField(max_length=30)
    kind = models.CharField(max_length=10)
    direction = models.CharField(max_length=8)
    action = models.CharField(max_length=10)
    title = models.CharField(max_length=500)
    reason = models.CharField(max_length=500)
    local_id = models.BigIntegerField(null=True)
    xero_id = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(null=True)
    fields = OwnJSONField(default=list)
    losers = models.JSONField(default=list)
    code = models.CharField(max_length=40, blank=True)
    field_name = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "step", "state"])]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.title}"


class Report(models.Model):
    """What a run left for people to see, as it was when the run ended."""

    run = models.OneToOneField(SyncRun, models.CASCADE, related_name="report")
    rendered_at = models.DateTimeField(auto_now=True)
    content = models.JSONField()

    def __str__(self) -> str:
        return f"Report of {self.run}"
