"""Django's settings: all of it comes from the home and from the few names in ``punte.web.environment``."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from punte.core import keys
from punte.core.sqlite import use_sound_sqlite
from punte.web import environment
from punte.web.database import database_settings

# The home
PUNTE_HOME = environment.home()
PUNTE_DATABASE_URL = os.environ.get("PUNTE_DATABASE_URL", "")
_SETTINGS_FILE = PUNTE_HOME / "settings.toml"
_HOME_SETTINGS = tomllib.loads(_SETTINGS_FILE.read_text(encoding="utf-8")) if _SETTINGS_FILE.is_file() else {}
PUNTE_IS_DEMO = _HOME_SETTINGS.get("is_demo", False) is True

SECRET_KEY = keys.read_key(PUNTE_HOME, keys.DJANGO)
if not PUNTE_DATABASE_URL:
    use_sound_sqlite()
DATABASES = {"default": database_settings(PUNTE_HOME, PUNTE_DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The parts
DEBUG = environment.is_on("PUNTE_DEBUG")
ROOT_URLCONF = "punte.web.urls"
WSGI_APPLICATION = "punte.web.wsgi.application"
INSTALLED_APPS = [
    "punte.web",
    "punte.core",
    "punte.rooms.people",
    "punte.rooms.data",
    "punte.rooms.loop",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
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
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "punte.web.middleware.SpeakAsThePersonReads",
    "punte.web.middleware.KeepSignedInPagesOutOfCaches",
    "punte.web.middleware.SayThatDataAreDamaged",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# People and how they sign in
AUTH_USER_MODEL = "people.User"
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "front_door"
LOGOUT_REDIRECT_URL = "people:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Languages and time: UTC inside, the person's zone and language at the edge (punte.web.middleware)
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ro", _("Romanian"))]
LANGUAGE_COOKIE_NAME = "punte-language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# Static files are served from the packages themselves: nothing has to be collected before the first start
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

# What a browser may do with our pages
ALLOWED_HOSTS = environment.hosts()
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Files that people bring are streamed to the home's own disk (punte.core.uploads)
PUNTE_UPLOAD_MAX_BYTES = environment.upload_max_bytes()
FILE_UPLOAD_HANDLERS = ["punte.core.uploads.StreamToHome"]
FILE_UPLOAD_TEMP_DIR = PUNTE_HOME / "uploads" / "incoming"

# Cookies; with https they are bound to this very host and never travel in the clear
PUNTE_HTTPS = environment.is_on("PUNTE_HTTPS")
_PREFIX = "__Host-" if PUNTE_HTTPS else ""
SESSION_COOKIE_NAME = f"{_PREFIX}punte-session"
CSRF_COOKIE_NAME = f"{_PREFIX}punte-csrf"
DEVICE_COOKIE_NAME = f"{_PREFIX}punte-device"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PUNTE_HTTPS

if PUNTE_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the machine itself, behind the proxy
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    CSRF_TRUSTED_ORIGINS = [f"https://{host.removeprefix('.')}" for host in ALLOWED_HOSTS]

SILENCED_SYSTEM_CHECKS = [
    "files.E001",  # the folder for passing uploads is made when the first file comes
    "security.W005",  # HSTS for all subdomains and
    "security.W021",  # the browsers' preload list bind a company's other sites too: not ours to decide
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"punte": {"level": "INFO"}, "django": {"handlers": [], "propagate": True}},
}
