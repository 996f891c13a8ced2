"""A fresh machine: SQLite, secrets of its own, the practice ledger."""

from pathlib import Path

from fieldops.settings.env import env_bool, env_text, load_env_file, local_secret

ROOT = Path(__file__).resolve().parent.parent.parent
load_env_file(ROOT / ".env")
# Written by ``make run`` while it runs: commands typed beside it meet the same services.
load_env_file(Path(env_text("FIELDOPS_VAR") or ROOT / "var") / "run" / "environment")

from fieldops.settings.base import *  # noqa: E402 - reads what was loaded above
from fieldops.settings.base import VAR_DIR  # noqa: E402

DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = local_secret(VAR_DIR / "secrets", "django_secret_key")
TOKEN_KEYS = [local_secret(VAR_DIR / "secrets", "token_key")]
FIELDOPS_DEMO = env_bool("FIELDOPS_DEMO", default=True)
