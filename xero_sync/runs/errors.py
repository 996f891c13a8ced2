"""What starting a run may be refused for."""

from fieldops.common.errors import DomainError


class NotConnected(DomainError):
    code = "not_connected"

    def __init__(self) -> None:
        super().__init__(
            "Fieldops is not connected to Xero. An administrator connects it under "
            "Settings > Finance > Xero."
        )


class NotConfirmed(DomainError):
    code = "not_confirmed"

    def __init__(self, what: list[str]) -> None:
        super().__init__(f"Before the first sync, confirm {', '.join(what)}.")


class FirstSyncNotDone(DomainError):
    code = "first_sync_not_done"

    def __init__(self) -> None:
        super().__init__("Start the first sync before anything else.")


class FirstSyncDone(DomainError):
    code = "first_sync_done"

    def __init__(self) -> None:
        super().__init__("The first sync is done. Press Sync now instead.")


class PlanOutdated(DomainError):
    code = "plan_outdated"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why} Look at the new plan before you sign it. Nothing has been started."
        )


class NotSignedOff(DomainError):
    code = "not_signed_off"

    def __init__(self) -> None:
        super().__init__(
            "Both sides hold more than a few records: look at what the first sync will "
            "do, and sign it off there."
        )


class NothingAsked(DomainError):
    code = "nothing_asked"

    def __init__(self) -> None:
        super().__init__(
            "This sync asks nothing any more: somebody answered, or it ended."
        )


class ConsentRefused(DomainError):
    code = "consent_refused"


class AnotherOrganisation(DomainError):
    code = "another_organisation"

    def __init__(self, ours: str, theirs: str) -> None:
        super().__init__(
            f"Fieldops is in step with {ours}. Connecting {theirs} would mix two sets of "
            f"books, so it was not connected. An administrator can start again with it "
            f"under Settings > Finance > Xero."
        )


class AlreadyUndone(DomainError):
    code = "already_undone"

    def __init__(self) -> None:
        super().__init__("This sync is undone already.")


class NothingToUndo(DomainError):
    code = "nothing_to_undo"

    def __init__(self) -> None:
        super().__init__("There is nothing of this sync to undo.")


class UndoNotNow(DomainError):
    code = "undo_not_now"

    def __init__(self) -> None:
        super().__init__(
            "Another sync is under way. Wait until it has ended, or stop it first."
        )
