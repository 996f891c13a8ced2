"""What stands between a record and the books: flaws that are saved, but named."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


@dataclass(frozen=True)
class Flaw:
    """``code`` is stable and for programs, ``message`` completes "this field ..."."""

    code: str
    field: str
    message: str


def is_valid_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True
