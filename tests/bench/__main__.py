"""``python -m tests.bench [--contacts N] [--profile] [--only MEASURE ...]``."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.stages import from_xero, to_xero

def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--contacts", type=int, default=10_000)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fieldops-bench-") as folder:
        return 0
