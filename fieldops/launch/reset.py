"""Back to the demo company as it was on the first day: what ``make demo`` runs."""

import sys

import django
from django.conf import settings

from fieldops.launch.lock import AlreadyRunning, only_launcher
from fieldops.launch.prepare import forget_records, prepare, say

if __name__ == "__main__":
    django.setup()
    try:
        with only_launcher(settings.VAR_DIR):
            forget_records()
            prepare()
    except AlreadyRunning as running:
        sys.exit(str(running))
    say("The demo company is as on its first day. Start it with: make run")
