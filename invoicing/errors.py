"""What the services of this app refuse."""

from fieldops.common.errors import DomainError


class NotADraft(DomainError):
    code = "not_a_draft"

    def __init__(self, status: str) -> None:
        super().__init__(
            f"This invoice is {status.lower()} and can no longer be changed. "
            "Cancel it and make a new one."
        )


class AlreadyCancelled(DomainError):
    code = "already_cancelled"

    def __init__(self) -> None:
        super().__init__("This invoice is already cancelled.")


class InvoicePaid(DomainError):
    code = "invoice_paid"

    def __init__(self) -> None:
        super().__init__(
            "Money has been received or credited on this invoice, so it cannot be "
            "cancelled. Make a credit note instead."
        )


class LinesMissing(DomainError):
    code = "lines_missing"

    def __init__(self) -> None:
        super().__init__(
            "Add at least one line before you approve the invoice.", field="lines"
        )


class LineIncomplete(DomainError):
    code = "line_incomplete"

    def __init__(self, position: int, missing: str) -> None:
        self.position = position
        super().__init__(f"Line {position} has no {missing}.", field="lines")


class UnknownTaxType(DomainError):
    code = "unknown_tax_type"

    def __init__(self, position: int, tax_type: str) -> None:
        self.position = position
        super().__init__(
            f'Line {position}: "{tax_type}" is not one of your VAT rates.',
            field="lines",
        )


class TaxNotAllowed(DomainError):
    code = "tax_not_allowed"

    def __init__(self, position: int, tax_name: str, account: str) -> None:
        self.position = position
        super().__init__(
            f'Line {position}: the VAT rate "{tax_name}" cannot be used with '
            f"account {account}.",
            field="lines",
        )


class AmountTooLarge(DomainError):
    code = "amount_too_large"

    def __init__(self, position: int) -> None:
        self.position = position
        super().__init__(
            f"Line {position}: the amount is over 9,999,999,999.99.", field="lines"
        )


class NumberTaken(DomainError):
    code = "number_taken"

    def __init__(self, number: str) -> None:
        super().__init__(f"Invoice number {number} is already used.", field="number")


class DueBeforeIssued(DomainError):
    code = "due_before_issued"

    def __init__(self) -> None:
        super().__init__("The due date is before the invoice date.", field="due_on")
