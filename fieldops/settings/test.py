"""The tests' settings: fast password hashing, plain static files, no secrets."""

import os

from fieldops.settings.base import *
from fieldops.settings.base import DATABASES, STORAGES, VAR_DIR, cache_at
from fieldops.settings.env import env_text

DEBUG = False
SECRET_KEY = "only-for-tests-" + "x" * 40
TOKEN_KEYS = ["only-for-tests"]
FIELDOPS_DEMO = False
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
TEST_DIR = VAR_DIR / "test"
STATIC_ROOT = TEST_DIR / "static"
# Made here, or WhiteNoise warns of a folder that is missing; warnings are errors.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: browsers and real workers read it while the test writes. Of
    # its own process, so that two runs in one checkout do not meet.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / f"{os.getpid()}.sqlite3")}

# Messages and cache stay within the process unless a test starts real workers.
TEST_BROKER_URL = env_text("FIELDOPS_TEST_BROKER")
CELERY_BROKER_URL = TEST_BROKER_URL or "memory://"
CACHES = {"default": cache_at(TEST_BROKER_URL)}
