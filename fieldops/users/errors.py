"""What the services of this app refuse."""

from fieldops.common.errors import DomainError


class LastAdministrator(DomainError):
    code = "last_administrator"

    def __init__(self) -> None:
        super().__init__(
            "This is the only administrator left. Make somebody else administrator first.",
            field="role",
        )


class PasswordTooWeak(DomainError):
    code = "password_too_weak"

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons), field="new_password")
