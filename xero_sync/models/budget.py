"""What is used up of the calls that Xero allows."""

from django.db import models

from xero_sync.models.connection import XeroConnection


class CallBudget(models.Model):
    """One row for all threads and processes that call for a connection. ``state`` is
    the client's; ``version`` grows with each change of it."""

    connection = models.OneToOneField(
        XeroConnection, models.CASCADE, primary_key=True, related_name="call_budget"
    )
    version = models.PositiveBigIntegerField(default=0)
    state = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"Calls of {self.connection}"
