"""What one field of two records says for or against their being one."""

from dataclasses import dataclass
from enum import IntEnum

from xero_sync.matching.records import Field


class Verdict(IntEnum):
    """NEAR: the same but for a detail; PARTLY: no more than part of it."""

    DIFFERS = 0
    PARTLY = 1
    NEAR = 2
    AGREES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    field: Field
    verdict: Verdict
    bits: float
    holders: int = 1
