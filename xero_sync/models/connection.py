"""The connection to Xero: tokens, the organisation and the lease."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from fieldops.common.prepared import prepared


class XeroConnection(models.Model):
    """One row per organisation that was ever connected; at most one is current.

    Tokens are encrypted (``store.tokens``). The row is also the queue of the sync: who
    holds the lease, when it is due.
    """

    class State(models.TextChoices):
        CHOOSING = "choosing", "Choose the organisation"
        CONNECTED = "connected", "Connected"
        BROKEN = "broken", "Reconnect"
        DISCONNECTED = "disconnected", "Disconnected"

    is_current = models.BooleanField(default=True)
    # Set where the practice ledger stands in for Xero; else the settings' addresses.
    practice_url = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.CHOOSING)
    tenant_id = models.CharField(max_length=64, blank=True)
    tenant_name = models.CharField(max_length=255, blank=True)
    remote_connection_id = models.CharField(max_length=64, blank=True)
    choices = models.JSONField(default=list, blank=True)
    connected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    connected_at = models.DateTimeField(null=True)
    broken_reason = models.CharField(max_length=500, blank=True)
    broken_at = models.DateTimeField(null=True)
    scope = models.TextField(blank=True)

    access_token = models.TextField(blank=True)
    refresh_token = models.TextField(blank=True)
    previous_refresh_token = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True)
    # When Xero last gave a refresh token: it ends 60 days later, unless it is used.
    renewed_at = models.DateTimeField(null=True)
    # Who may renew, and until when; the fence grows with each claim and each consent.
    refresh_claimed_until = models.DateTimeField(null=True)
    refresh_fence = models.PositiveBigIntegerField(default=0)
    keep_alive_tried_at = models.DateTimeField(null=True)

    short_code = models.CharField(max_length=20, blank=True)
    base_currency = models.CharField(max_length=3, blank=True)
    country = models.CharField(max_length=3, blank=True)
    is_demo = models.BooleanField(default=False)
    lock_date = models.DateField(null=True)
    has_own_records = models.BooleanField(null=True)
    first_sync_done_at = models.DateTimeField(null=True)
    last_good_sync_at = models.DateTimeField(null=True)
    full_compare_on = models.DateField(null=True)
    accepted_differences = models.JSONField(default=list, blank=True)
    # What the organisation's plan, or who connected, does not allow (Xero's names).
    forbidden_actions = models.JSONField(default=list, blank=True)
    # Changes that a person told the sync to leave out (``runs.brake``).
    kept_back = models.JSONField(default=list, blank=True)

    # Contacts there without a twin here that a person ticked, each with what was known
    # of it then: the first sync archives them in Xero, if ours are kept and they have
    # not changed since.
    to_archive = models.JSONField(default=dict, blank=True)

    next_due_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    # The last message of the tick that no worker has taken yet.
    queued_at = models.DateTimeField(null=True)
    # Signs of life: of the tick, and of a worker with a run in hand.
    ticked_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)
    lease_token = models.PositiveBigIntegerField(default=0)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="one_current_connection",
            )
        ]

    def __str__(self) -> str:
        return self.tenant_name or "Xero"

    def get_absolute_url(self) -> str:
        return reverse("xero_sync:settings")

    @classmethod
    def current(cls) -> "XeroConnection | None":
        return next(iter(_current()), None)

    @classmethod
    def candidate(cls) -> "XeroConnection | None":
        """Another organisation that was consented to: somebody has yet to say that
        Fieldops starts again with it."""
        aside = cls.objects.filter(is_current=False, state=cls.State.CHOOSING)
        return aside.order_by("pk").last()

    @property
    def is_connected(self) -> bool:
        return self.state == self.State.CONNECTED


@prepared
def _current() -> models.QuerySet[XeroConnection]:
    return XeroConnection.objects.filter(is_current=True)
