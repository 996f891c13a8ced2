"""What a decision about a pair may be refused for."""

from fieldops.common.errors import DomainError
from xero_sync.models import PairDecision


class NoSuchPartner(DomainError):
    code = "no_such_partner"

    def __init__(self) -> None:
        super().__init__("Xero has no such record any more. Try again to look anew.")


class PartnerTaken(DomainError):
    code = "partner_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"That record in Xero is linked to {name} already.")


class HasAnotherPartner(DomainError):
    code = "has_another_partner"

    def __init__(self, name: str, *, is_item: bool = False) -> None:
        what = "delete one of the two" if is_item else "merge the two"
        super().__init__(
            f"{name} is linked to another record in Xero already. If Xero has it twice, "
            f"{what} there: the next sync follows."
        )


class AlreadyDecided(DomainError):
    code = "already_decided"

    def __init__(self, decision: PairDecision, *, is_own: bool = False) -> None:
        who = f"{decision.user or 'Somebody'} has"
        super().__init__(
            f"{'You have' if is_own else who} decided on this pair meanwhile: "
            f"{decision.get_answer_display()}. Nothing has been changed."
        )


class NotAPair(DomainError):
    code = "not_a_pair"

    def __init__(self) -> None:
        super().__init__("There is no pair to decide on here.")


class NothingToUndo(DomainError):
    code = "nothing_to_undo"

    def __init__(self) -> None:
        super().__init__("There is no decision of yours to take back.")


class AlreadyCarriedOut(DomainError):
    code = "already_carried_out"

    def __init__(self) -> None:
        super().__init__(
            "A sync has carried that decision out already. Nothing has been changed."
        )


class BeingCarriedOut(DomainError):
    code = "being_carried_out"

    def __init__(self) -> None:
        super().__init__(
            "A sync is carrying that decision out now. Nothing has been changed."
        )


class NothingToArchive(DomainError):
    code = "nothing_to_archive"

    def __init__(self) -> None:
        super().__init__("Nothing of that merge is left in Xero to be archived.")


class OnAnotherCustomer(DomainError):
    code = "on_another_customer"

    def __init__(self) -> None:
        super().__init__(
            "In Xero that invoice is on another customer, so it cannot be this one. Give "
            "this one another number, or cancel it."
        )


class NotNow(DomainError):
    code = "not_now"

    def __init__(self) -> None:
        super().__init__("That is chosen before the first sync, and not after it.")
