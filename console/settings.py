"""Settings, all from the environment.

`EARSHOT_DATA` is the folder of the embedded servers, the secret key and `up.json`.
`DATABASE_URL` and `REDIS_URL` point at real servers; without them `manage.py up` (and the
tests) start embedded ones and set both before Django reads this file.
"""

from __future__ import annotations

import sys
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from console.api_settings import *  # noqa: F403
from console.runtime import logs

env = environ.FileAwareEnv()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("EARSHOT_DATA", default=str(BASE_DIR / "data"))).expanduser().resolve()
DEBUG = env.bool("EARSHOT_DEBUG", default=False)


def _secret_key() -> str:
    """The key of the environment, or one made once and kept in the data folder (mode 600)."""
    if key := env.str("SECRET_KEY", default=""):
        return str(key)
    kept = DATA_DIR / "secret_key"
    try:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return kept.read_text()
    except OSError as error:
        raise ImproperlyConfigured(f"EARSHOT_DATA={DATA_DIR} cannot be written: {error.strerror}.") from error
    kept.write_text(get_random_secret_key())
    return kept.read_text()


def _days(name: str, default: int) -> int:
    text = env.str(name, default=str(default))
    if not (text.isascii() and text.isdecimal() and int(text) <= 36_500):
        raise ImproperlyConfigured(f"{name}={text} is not a number of days from 0 to 36500.")
    return int(text)


SECRET_KEY = _secret_key()
PUBLIC_URL = env.str("EARSHOT_URL", default="http://127.0.0.1:8000")
HTTPS = PUBLIC_URL.startswith("https://")
BEHIND_PROXY = env.bool("EARSHOT_BEHIND_PROXY", default=HTTPS)  # TLS ends at a proxy: ours speaks plain HTTP
# Links in mails are made of PUBLIC_URL. A public installation answers to its own name alone.
_HOSTS = [str(urlsplit(PUBLIC_URL).hostname)] if HTTPS else ["*"]
ALLOWED_HOSTS = [*env.list("EARSHOT_HOSTS", default=_HOSTS), "localhost", "127.0.0.1"]  # the last two for /readyz
CSRF_TRUSTED_ORIGINS = env.list("EARSHOT_ORIGINS", default=[])
LIVE_URL = env.str("EARSHOT_LIVE_URL", default="")
SAMPLE_WRITE_KEY = env.str("EARSHOT_SAMPLE_WRITE_KEY", default="")
DEMO = env.bool("EARSHOT_DEMO", default=True)
AUDIT_DAYS = _days("EARSHOT_AUDIT_DAYS", default=730)
METRICS_TOKEN = env.str("EARSHOT_METRICS_TOKEN", default="")

AT_TERMINAL = sys.stderr.isatty()
LOGGING = logs.configured(
    pretty=AT_TERMINAL, level=env.str("EARSHOT_LOG_LEVEL", default="WARNING" if AT_TERMINAL else "INFO").upper()
)

INSTALLED_APPS = [
    "console.site.admin_site.EarshotAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "corsheaders",
    "csp",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "console",
    "messaging",
    "tracking",
]

MIDDLEWARE = [
    "console.runtime.request_log.RequestLogMiddleware",
    "console.common.text_guard.TextGuardMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "console.accounts.middleware.PolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "console.runtime.middleware.StaticFilesMiddleware",
    "console.accounts.middleware.NoStoreMiddleware",
    "console.runtime.middleware.PageCompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "console.accounts.middleware.WorkspaceMiddleware",
    "messaging.liquid.middleware.BusyMiddleware",
]

ROOT_URLCONF = "console.urls"
WSGI_APPLICATION = "console.wsgi.application"
ASGI_APPLICATION = "console.asgi.application"

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
                "console.site.context.house",
            ],
        },
    },
]

# --- Servers -----------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///earshot")}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- What goes out -----------------------------------------------------------------------


def _networks(name: str) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(text.strip()) for text in env.list(name, default=[]) if text.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}. Write networks like 10.20.0.0/16, with commas.") from error


WEBHOOK_ALLOW = _networks("EARSHOT_WEBHOOK_ALLOW")

# --- People who sign in ------------------------------------------------------------------

AUTH_USER_MODEL = "console.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "console.site.views.errors.csrf"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "console.accounts.adapter.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)  # rate limits count by address
SIGNUP_OPEN = env.bool("EARSHOT_SIGNUP", default=False)
MFA_TOTP_ISSUER = "Earshot"
ACCOUNT_EMAIL_VERIFICATION = env.str("EARSHOT_EMAIL_VERIFICATION", default="none")
MAIL_IS_SET_UP = bool(env.str("EMAIL_URL", default=""))
MFA_ALLOW_UNVERIFIED_EMAIL = not MAIL_IS_SET_UP  # without mail no address can be proven
if ACCOUNT_EMAIL_VERIFICATION == "mandatory" and not MAIL_IS_SET_UP:
    raise ImproperlyConfigured("EARSHOT_EMAIL_VERIFICATION=mandatory needs mail: set EMAIL_URL, or unset it.")
EMAIL_CONFIG = env.email("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_SSL_REDIRECT = HTTPS and BEHIND_PROXY
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # other hosts of the domain are not ours to bind
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": [NONCE],  # a page's own tags: no other file of this origin, whoever gets markup into a page
        "style-src": ["'self'", "'unsafe-inline'"],  # bars have widths
        "img-src": ["'self'", "data:"],  # those of authors' messages are drawn by the renderer's pages
        "connect-src": ["'self'", *([LIVE_URL] if LIVE_URL else [])],
        "frame-src": ["'none'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Files -------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.str("EARSHOT_STATIC_ROOT", default=None)  # for a server that wants files collected; ours does not
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/chart.js", BASE_DIR / "node_modules/chart.js/dist"),
    ("vendor/dompurify", BASE_DIR / "node_modules/dompurify/dist"),
    ("vendor/sortablejs", BASE_DIR / "node_modules/sortablejs"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "console.runtime.static_files.VersionedStaticFilesStorage"},
}

# --- Words and time ----------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
