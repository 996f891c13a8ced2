"""What putting a record right may be refused for."""

from fieldops.common.errors import DomainError


class StillBad(DomainError):
    """The typed value would be refused again."""

    code = "still_bad"

    def __init__(self, message: str) -> None:
        super().__init__(message, field="value")


class NothingToFix(DomainError):
    code = "nothing_to_fix"

    def __init__(self) -> None:
        super().__init__("This cannot be put right here. Open the record itself.")


class NothingToTakeBack(DomainError):
    code = "nothing_to_take_back"

    def __init__(self) -> None:
        super().__init__("It goes to Xero under its own name already.")


class NothingToAccept(DomainError):
    code = "nothing_to_accept"

    def __init__(self) -> None:
        super().__init__("There is no value of Xero's to take over here.")


class NothingToBringBack(DomainError):
    code = "nothing_to_bring_back"

    def __init__(self) -> None:
        super().__init__("There is no value of ours to bring back here any more.")


class NothingToAnswer(DomainError):
    code = "nothing_to_answer"

    def __init__(self) -> None:
        super().__init__("There is nothing to answer here.")


class MayNotChange(DomainError):
    code = "may_not_change"

    def __init__(self) -> None:
        super().__init__("You may see this record, but not change it.")
