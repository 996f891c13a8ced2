"""What the services of this app refuse."""

from fieldops.common.errors import DomainError


class ItemNameMissing(DomainError):
    code = "name_missing"

    def __init__(self) -> None:
        super().__init__("Enter a name.", field="name")


class NothingMoved(DomainError):
    code = "nothing_moved"

    def __init__(self) -> None:
        super().__init__("Enter a quantity other than zero.", field="quantity")
