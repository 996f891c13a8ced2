"""What the services of this app refuse."""

from fieldops.common.errors import DomainError


class NameMissing(DomainError):
    code = "name_missing"

    def __init__(self) -> None:
        super().__init__("Enter a name.", field="name")


class ContactArchived(DomainError):
    code = "contact_archived"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is archived. Restore it first.")
