"""What a history says when something does not hold."""


class Violation(AssertionError):
    """An invariant does not hold; its number is that of docs/simulation.md."""

    def __init__(self, number: int, said: str) -> None:
        super().__init__(f"invariant {number}: {said}")
        self.number = number
