"""A fresh machine: SQLite, secrets of its own, the practice ledger."""

from fieldops.settings.base import *
from fieldops.settings.base import VAR_DIR
from fieldops.settings.env import env_bool, local_secret

DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = local_secret(VAR_DIR / "secrets", "django_secret_key")
TOKEN_KEYS = [local_secret(VAR_DIR / "secrets", "token_key")]
FIELDOPS_DEMO = env_bool("FIELDOPS_DEMO", default=True)
