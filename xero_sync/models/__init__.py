"""What the sync remembers. Domain records carry none of it."""

from xero_sync.models.budget import CallBudget
from xero_sync.models.choices import SyncSettings
from xero_sync.models.connection import XeroConnection
from xero_sync.models.intents import Intent
from xero_sync.models.issues import SyncIssue
from xero_sync.models.links import ContactLink, InvoiceLink, ItemLink
from xero_sync.models.mirror import MirrorRecord, SyncCursor
from xero_sync.models.names import NameInXero
from xero_sync.models.notices import Notice
from xero_sync.models.pairs import FoundPair, PairDecision
from xero_sync.models.runs import PlannedChange, Report, SignOff, SyncRun, SyncStep

__all__ = [
    "CallBudget",
    "ContactLink",
    "FoundPair",
    "Intent",
    "InvoiceLink",
    "ItemLink",
    "MirrorRecord",
    "NameInXero",
    "Notice",
    "PairDecision",
    "PlannedChange",
    "Report",
    "SignOff",
    "SyncCursor",
    "SyncIssue",
    "SyncRun",
    "SyncSettings",
    "SyncStep",
    "XeroConnection",
]
