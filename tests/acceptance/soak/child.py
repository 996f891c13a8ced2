"""The process that works on one database."""

import importlib
import json
import sys
from pathlib import Path

import django
from django.core.management import call_command


def main() -> int:
    asked = json.loads(sys.argv[1])
    django.setup()
    call_command("migrate", verbosity=0)
    rounds = importlib.import_module("tests.acceptance.soak.rounds")
    failed: int = rounds.soak(
        rounds=asked["rounds"],
        seed=asked["seed"],
        folder=Path(asked["folder"]),
        broker=asked["broker"],
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
