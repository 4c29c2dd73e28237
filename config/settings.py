"""Settings, from the environment only; the defaults are safe, not convenient."""

from __future__ import annotations

from pathlib import Path

import environ
import structlog
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="")
# Keys of before, while what was made with them still counts: sessions, webhook secrets.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
BASE_URL = env("BASE_URL", default="http://localhost:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
IS_HTTPS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])

# The ordinary role, bound by row policies, runs everything; `prepare_database` alone is the owner.
DATABASES = {
    "default": env.db(
        "DATABASE_URL",
        default="postgres:///sanbao",
        engine="django.db.backends.postgresql",
    )
}
DATABASES["default"] |= {
    # Transaction pooling: nothing of a session survives between transactions.
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
}
OWNER_DATABASE = (
    env.db("OWNER_DATABASE_URL", engine="django.db.backends.postgresql")
    if env("OWNER_DATABASE_URL", default="")
    else {}
)
APP_ROLE = env("APP_ROLE", default="sanbao_app")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env("CACHE_PREFIX", default="sanbao"),
    }
}

INSTALLED_APPS = [
    "core",
    "accounts",
    "sla",
    "notifications",
    "dealers",
    "machines",
    "ledger",
    "knowledge",
    "parts",
    "tickets",
    "visits",
    "warranty",
    "portal",
    "dashboards",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pghistory",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ActorMiddleware",
    "notifications.middleware.UnreadMiddleware",
    "core.middleware.ErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

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
                "core.context.page",
            ],
            "builtins": ["core.templatetags.ui"],
        },
    }
]

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation by mail has proved the address
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Attempts per address and per person; kept in Redis, so that all web processes count together.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Sanbao"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = IS_HTTPS

# Languages
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "core.npm.NpmFinder",
]
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Compressing takes most of a minute: for images and servers, not for bin/demo and tests.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("COMPRESS_STATIC", default=True)
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Messages
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if env("EMAIL_URL", default="") == "":
    # Without a mail server mails are files that one can open, never silently dropped.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Sanbao <sanbao@localhost>")

# Who watches the watchers: told when the sweep stands still, beside the companies' administrators.
ALARM_EMAILS = env.list("ALARM_EMAILS", default=[])
# Without a token there are no metrics.
METRICS_TOKEN = env("METRICS_TOKEN", default="")
METRICS = "config.wiring.METRICS"
# A gateway that takes a JSON POST; empty: text messages become files under var/sms.
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN = env("SMS_GATEWAY_TOKEN", default="")
# Lets webhooks use http:// and addresses of the own network: on a workbench, or when all
# receivers stand in the same house and nobody but its owner may enter addresses.
WEBHOOKS_MAY_STAY_INSIDE = env.bool("WEBHOOKS_MAY_STAY_INSIDE", default=False)
SMS_SPOOL = VAR_DIR / "sms"
SUBSCRIBERS = "config.wiring.SUBSCRIBERS"
SLA_SUBJECTS = "config.wiring.SUBJECTS"
SLA_FACTS = "config.wiring.FACTS"
SLA_FIELDS = "config.wiring.CALENDAR_FIELDS"
LEGAL_FLOORS = "warranty.floors.floor_of"
LEGAL_CLASSES = "warranty.floors.class_choices"
NOTICES = "config.wiring.NOTICES"
IMPORTS = "config.wiring.IMPORTS"
ACTOR_DEALERS = "dealers.queries.dealer_and_subs"
DEALER_LABELS = "dealers.directory.labels"
DEALER_OF_NUMBER = "dealers.directory.id_of_number"

CELERY_APPLICATION = "config.celery"
# Jobs: Celery only wakes and delivers; what is promised stands in PostgreSQL.
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 20 * 60,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "global_keyprefix": env("CELERY_PREFIX", default=""),
}

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "accounts.authentication.PageSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.permissions.ActorMay"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.pagination.KeysetPagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "core.bodies.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "core.api_schema.TrueSchema",
    "EXCEPTION_HANDLER": "core.api_errors.answer_error",
    "DEFAULT_VERSIONING_CLASS": None,
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sanbao API",
    "DESCRIPTION": "After-sales desk and three-guarantee claims office.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Two sets of choices under one field name need names of their own.
    "ENUM_NAME_OVERRIDES": {
        "PromiseEnum": "sla.states.Promise",
        "DelayablePromiseEnum": "tickets.promises.DELAYABLE_CHOICES",
        "ClockStateEnum": "sla.states.ClockState",
        "StepStateEnum": "sla.states.StepState",
        "MessageStateEnum": "notifications.models.OutboxState",
        "CustomerKindEnum": "machines.models.CustomerKind",
        "TicketStateEnum": "tickets.states.TicketState",
        "DepartmentEnum": "tickets.serializers.DEPARTMENTS",
        "EntryKindEnum": "tickets.models.EntryKind",
        "TeamEnum": "tickets.states.Team",
        "TicketKindEnum": "tickets.states.TicketKind",
        "VisitStateEnum": "visits.states.VisitState",
        "CallbackStateEnum": "visits.states.CallbackState",
        "ChannelEnum": "tickets.states.TicketChannel",
        "SeverityEnum": "knowledge.models.Severity",
        "PartKindEnum": "parts.models.PartKind",
        "PriceKindEnum": "parts.models.PriceKind",
        "OldPartGateEnum": "parts.models.Gate",
        "DutyEnum": "parts.models.ReturnDuty",
        "MeterUnitEnum": "machines.models.plans.UseUnit",
        "ReportStateEnum": "warranty.states.reports.ReportState",
        "EvidenceKindEnum": "warranty.states.reports.EvidenceKind",
        "ClaimLineKindEnum": "warranty.states.claims.LineKind",
        "ClaimStateEnum": "warranty.states.claims.ClaimState",
        "PreAuthorisationStateEnum": "warranty.states.claims.PreAuthorisationState",
        "OldPartStateEnum": "warranty.states.oldparts.OldPartState",
        "ShipmentStateEnum": "warranty.states.oldparts.ShipmentState",
        "PieceDiscrepancyEnum": "warranty.api.oldpart_bodies.ARRIVED",
        "DiscrepancyEnum": "warranty.states.oldparts.Discrepancy",
        "AdjustmentKindEnum": "warranty.states.settlements.AdjustmentKind",
        "AdjustmentStateEnum": "warranty.states.settlements.AdjustmentState",
        "SettlementStateEnum": "warranty.states.settlements.SettlementState",
        "SettlementLineKindEnum": "warranty.states.settlements.SettlementLineKind",
        "SpotCheckStateEnum": "warranty.states.cases.SpotCheckState",
        "CaseStateEnum": "warranty.states.cases.CaseState",
        "RecoveryStateEnum": "warranty.states.cases.RecoveryState",
        "RemedyOptionEnum": "warranty.remedies.values.Option",
        "RemedySeverityEnum": "warranty.api.remedy_bodies.SEVERITIES",
        "RemedyChannelEnum": "warranty.remedies.reading.CHANNELS",
        "RemedyPayerEnum": "warranty.api.remedy_bodies.PAYERS",
        "ClaimTypeEnum": "warranty.states.claims.ClaimType",
        "LineOutcomeEnum": "warranty.states.claims.LineOutcome",
        "ClaimOutcomeEnum": "warranty.api.remedy_bodies.OUTCOMES",
    },
}

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=IS_HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}

# Logs: one JSON line each, with request, tenant and actor.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.format_exc_info,
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    # They tell every step of every paper.
    "loggers": {"weasyprint": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO")},
}
DJANGO_STRUCTLOG_CELERY_ENABLED = False
