"""What people do while the sync works: in our office, and in Xero's own screens."""

from fieldops.common.errors import DomainError
from tests.simulation.consolidating import Consolidating
from tests.simulation.office import Office
from tests.simulation.xero_screens import XeroScreens
from xero_sync.runs.errors import NotConnected


class People(Office, XeroScreens, Consolidating):
    """Everybody."""

    def act(self, action: str) -> str:
        """Do it; says what was done, or "" when there was nothing to do it to."""
        try:
            return str(getattr(self, action)() or "")
        except (DomainError, NotConnected) as refusal:
            return f"{action}: refused ({refusal})"
