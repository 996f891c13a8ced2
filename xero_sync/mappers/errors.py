"""What a mapper says of a payload that it does not understand."""

import reprlib


class Unreadable(Exception):
    """``field`` is Xero's name of it, ``value`` the start of what stood there."""

    def __init__(self, field: str, value: object) -> None:
        self.field = field
        # Shortened before it is stored or shown: a payload may hold megabytes.
        self.value = reprlib.repr(value)
        super().__init__(f"{field} cannot be read: {self.value}")
