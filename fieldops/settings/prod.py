"""Production: nothing has a default that would be unsafe to forget."""

from fieldops.settings.base import *
from fieldops.settings.env import env_bool, env_int, env_list, env_secret

DEBUG = False
SECRET_KEY = env_secret("SECRET_KEY")
# The first key encrypts; the others still decrypt, so that keys can be rotated.
TOKEN_KEYS = [key.strip() for key in env_secret("TOKEN_KEYS").split(",")]
FIELDOPS_DEMO = False
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", [])

SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env_int("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
