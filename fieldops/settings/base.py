"""Everything that is the same wherever the project runs; the others only override."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from fieldops.settings.env import (
    env_bool,
    env_int,
    env_list,
    env_optional_secret,
    env_text,
)
from fieldops.settings.unfold import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env_text("FIELDOPS_VAR") or BASE_DIR / "var")

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "fieldops.apps.FieldopsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "lucide",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "fieldops.common",
    "fieldops.users",
    "customers",
    "stock",
    "invoicing",
    "xero_sync",
    "fieldops.imports",
    "fieldops",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "fieldops.content_policy.content_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "fieldops.urls"
WSGI_APPLICATION = "fieldops.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fieldops.navigation.office",
                "xero_sync.web.context.xero_state",
            ]
        },
    }
]

# Read-then-write transactions fail at once in WAL unless they begin IMMEDIATE, whatever
# the timeout (SQLITE_BUSY_SNAPSHOT).
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    # The sync alone has more statements than the 128 that are kept prepared by default.
    "cached_statements": 1000,
    # A record of Xero's has three kilobytes and would fill a page of the usual four. A
    # database keeps the pages it was made with.
    "init_command": (
        "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY; "
        "PRAGMA mmap_size=134217728; PRAGMA wal_autocheckpoint=4000; "
        "PRAGMA journal_size_limit=67108864;"
    ),
}


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{quote(str(path))}"


def database_from_url(url: str) -> dict[str, object]:
    config = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = SQLITE_OPTIONS
    return config


DATABASES = {
    "default": database_from_url(
        env_text("DATABASE_URL") or sqlite_url(VAR_DIR / "fieldops.sqlite3")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["fieldops.users.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env_text("FIELDOPS_TIME_ZONE", "Europe/London")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}


def cache_at(redis_url: str) -> dict[str, str]:
    if not redis_url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url,
    }


REDIS_URL = env_text("REDIS_URL")
if REDIS_URL and not REDIS_URL.startswith(("redis://", "rediss://")):
    raise ImproperlyConfigured("REDIS_URL must begin with redis:// or rediss://.")
CACHES = {"default": cache_at(REDIS_URL)}

CELERY_BROKER_URL = REDIS_URL or "redis://localhost:6379/0"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than any task and any countdown, so that nothing is delivered twice.
    "visibility_timeout": 3600
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# What a killed worker leaves behind is found by the tick, not by a second delivery.
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "fieldops"
CELERY_TASK_ROUTES = {"xero_sync.tasks.*": {"queue": "xero"}}
CELERY_TIMEZONE = "UTC"

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "fieldops.users.api.authentication.BearerAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["fieldops.common.api.rights.HasRight"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["fieldops.common.api.reading.ExactJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "fieldops.common.api.pages.NewestFirst",
    "DEFAULT_FILTER_BACKENDS": [
        "fieldops.common.api.reading.KnownFilters",
        "rest_framework.filters.SearchFilter",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "sign-in-address": "30/min",
        "sign-in-account": "10/min",
    },
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "fieldops.common.api.errors.error_response",
    # X-Forwarded-For is believed only as far as our own proxies wrote it.
    "NUM_PROXIES": env_int("PROXIES", 0),
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Fieldops",
    "DESCRIPTION": "Customers, leads, suppliers, stock and invoices for field apps. "
    "Amounts and quantities are strings, so that no penny is lost.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_PATCH": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_NAME_OVERRIDES": {
        "Role": "fieldops.common.permissions.Role",
        "InvoiceStatus": "invoicing.models.Invoice.Status",
        "AmountsAre": "fieldops.common.money.AmountsAre",
        "PaymentTerms": "customers.models.PaymentTerms",
        "XeroStateName": "fieldops.api.xero_state.STATES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "fieldops.api.schema.add_errors",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- Xero. Pointed at the practice ledger, nothing but these addresses differs. ---
XERO_URL = env_text("XERO_URL")
XERO_LOGIN_URL = env_text("XERO_LOGIN_URL", XERO_URL or "https://login.xero.com")
XERO_IDENTITY_URL = env_text(
    "XERO_IDENTITY_URL", XERO_URL or "https://identity.xero.com"
)
XERO_API_URL = env_text("XERO_API_URL", XERO_URL or "https://api.xero.com")
XERO_CLIENT_ID = env_text("XERO_CLIENT_ID")
XERO_CLIENT_SECRET = env_text("XERO_CLIENT_SECRET")
XERO_REDIRECT_URI = env_text("XERO_REDIRECT_URI")
XERO_CALLS_PER_MINUTE = env_int("XERO_CALLS_PER_MINUTE", 60)
# Records in one request; Xero advises 50.
XERO_BATCH = env_int("XERO_BATCH", 50)
XERO_LEASE = timedelta(seconds=env_int("XERO_LEASE_SECONDS", 90))
XERO_SLICE = timedelta(seconds=env_int("XERO_SLICE_SECONDS", 60))
XERO_TICK_SECONDS = env_int("XERO_TICK_SECONDS", 30)
# Reading and planning are not cut off by the slice; what takes longer than this hangs.
CELERY_TASK_SOFT_TIME_LIMIT = env_int("XERO_TASK_SECONDS", 600)
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 60
if XERO_SLICE.total_seconds() >= CELERY_TASK_SOFT_TIME_LIMIT:
    raise ImproperlyConfigured("XERO_TASK_SECONDS must exceed XERO_SLICE_SECONDS.")

# The schedule is fixed, so beat keeps no file that a power cut could spoil.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "sync tick": {
        "task": "xero_sync.tasks.sync_tick",
        "schedule": XERO_TICK_SECONDS,
        # Ticks must not pile up while no worker runs: one late tick does the work.
        "options": {"expires": max(5, XERO_TICK_SECONDS * 5 / 6)},
    }
}

# --- Email: to administrators, when the sync needs them ---
# Without a mail server it is written to the log of the worker.
EMAIL_HOST = env_text("EMAIL_HOST")
EMAIL_BACKEND = (
    f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
)
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env_text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env_optional_secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env_bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_text("EMAIL_FROM", "fieldops@localhost")
# Where the office is, for links in emails.
SITE_URL = env_text("SITE_URL").rstrip("/")

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", [])
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_text("LOG_LEVEL", "INFO")},
}
