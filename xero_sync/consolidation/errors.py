"""What a decision about a pair may be refused for."""

from fieldops.common.errors import DomainError


class NoSuchPartner(DomainError):
    code = "no_such_partner"

    def __init__(self) -> None:
        super().__init__("Xero has no such record any more. Try again to look anew.")


class PartnerTaken(DomainError):
    code = "partner_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"That record in Xero is linked to {name} already.")


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


class NotNow(DomainError):
    code = "not_now"

    def __init__(self) -> None:
        super().__init__("That is chosen before the first sync, and not after it.")
