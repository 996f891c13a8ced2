"""What an administrator chose about the sync."""

from functools import cached_property

from django.db import models

from fieldops.common.models import Record
from fieldops.common.prepared import prepared
from xero_sync.models.names import NameInXero


class SyncSettings(Record):
    """Exactly one row. A choice counts once it is confirmed: see ``unconfirmed``."""

    class Email(models.TextChoices):
        MAIN = "main", "Main email address"
        ACCOUNTING = "accounting", "Accounting email address"

    class AddressSlot(models.TextChoices):
        """Where our address goes in Xero; the values are Xero's ``AddressType``."""

        BILLING = "POBOX", "Billing address"
        DELIVERY = "STREET", "Delivery address"

    class Mode(models.TextChoices):
        AUTOMATIC = "automatic", "Automatically"
        MANUAL = "manual", "Only when I press Sync"

    class Frequency(models.IntegerChoices):
        MINUTES_5 = 5, "5 minutes"
        MINUTES_10 = 10, "10 minutes"
        MINUTES_15 = 15, "15 minutes"
        MINUTES_30 = 30, "30 minutes"
        HOUR_1 = 60, "1 hour"
        HOURS_2 = 120, "2 hours"

    class ArrivalStatus(models.TextChoices):
        """The status an approved invoice arrives with; the values are Xero's."""

        APPROVED = "AUTHORISED", "Approved"
        AWAITING = "SUBMITTED", "Awaiting approval"
        DRAFT = "DRAFT", "Draft"

    class StartWith(models.TextChoices):
        """Whose value stays where both sides have one, when a pair is linked and nobody
        chose field by field."""

        CHECK = "check", "Check the pairs"
        OURS = "ours", "Keep all ours"
        THEIRS = "theirs", "Keep all from Xero"

    class VatQuarters(models.IntegerChoices):
        """By the first of the months that a VAT quarter of the company ends with."""

        JANUARY = 1, "January, April, July and October"
        FEBRUARY = 2, "February, May, August and November"
        MARCH = 3, "March, June, September and December"

    start_with = models.CharField(
        "how to start", max_length=6, choices=StartWith, default=StartWith.CHECK
    )
    email = models.CharField(
        "email address to use for Xero sync",
        max_length=10,
        choices=Email,
        default=Email.MAIN,
    )
    email_confirmed = models.BooleanField(default=False)
    address_slot = models.CharField(
        "our address goes to the Xero",
        max_length=6,
        choices=AddressSlot,
        default=AddressSlot.BILLING,
    )
    address_confirmed = models.BooleanField(default=False)
    mode = models.CharField(max_length=9, choices=Mode, default=Mode.AUTOMATIC)
    frequency = models.PositiveSmallIntegerField(
        choices=Frequency, default=Frequency.MINUTES_10
    )
    arrival_status = models.CharField(
        "approved invoices arrive as",
        max_length=10,
        choices=ArrivalStatus,
        default=ArrivalStatus.APPROVED,
    )
    sends_drafts = models.BooleanField("send drafts as well", default=False)
    invoices_from = models.DateField(
        "send invoices dated from", null=True, blank=True, help_text="Empty: all."
    )
    vat_quarters = models.PositiveSmallIntegerField(
        "VAT quarters end with", choices=VatQuarters, default=VatQuarters.MARCH
    )
    invoices_confirmed = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "sync settings"

    def __str__(self) -> str:
        return "Sync settings"

    @classmethod
    def current(cls) -> "SyncSettings":
        return next(iter(_the_row()), None) or cls.objects.get_or_create(pk=1)[0]

    @cached_property
    def names_in_xero(self) -> dict[int, NameInXero]:
        """By our contact's id: they are few, and read once."""
        return {name.contact_id: name for name in _names_in_xero()}

    @property
    def unconfirmed(self) -> list[str]:
        """What still has to be confirmed before the first sync, in people's words."""
        return [
            label
            for label, confirmed in (
                ("the email address to use", self.email_confirmed),
                ("which address goes to Xero", self.address_confirmed),
                ("which invoices are sent", self.invoices_confirmed),
            )
            if not confirmed
        ]


@prepared
def _the_row() -> models.QuerySet[SyncSettings]:
    return SyncSettings.objects.filter(pk=1)


@prepared
def _names_in_xero() -> models.QuerySet[NameInXero]:
    return NameInXero.objects.filter(connection__is_current=True)
