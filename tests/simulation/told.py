"""What is left of a history after the fact."""

import hashlib
from dataclasses import dataclass, field


@dataclass
class Told:
    """``calls`` is the log, ``violation`` what did not hold, or blank."""

    seed: int
    events: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    violation: str = ""
    runs_to_quiet: int = 0

    @property
    def log(self) -> str:
        return hashlib.sha256("\n".join(self.calls).encode()).hexdigest()
