"""What a contact is called in Xero, where that is not what we call it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from customers.models import Contact
from xero_sync.models.connection import XeroConnection


class NameInXero(models.Model):
    """Approved by a person: Xero takes no two contacts of one name, and two people may
    have one. It stands for the name that the contact had then (``stands_for``), and for
    no other."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="names_in_xero")
    name = models.CharField(max_length=255)
    stands_for = models.CharField(max_length=500)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "contact"], name="one_name_in_xero"
            )
        ]
        verbose_name_plural = "names in Xero"

    def __str__(self) -> str:
        return self.name
