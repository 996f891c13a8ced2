"""The tests' settings: fast password hashing, plain static files, no secrets."""

from fieldops.settings.base import *
from fieldops.settings.base import STORAGES

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
