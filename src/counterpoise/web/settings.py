"""Django's settings, derived from the workspace that COUNTERPOISE_WORKSPACE names."""

from __future__ import annotations

import os

from counterpoise.books import Workspace
from counterpoise.books.keys import read_key
from counterpoise.web.database import database_settings
from counterpoise.web.logs import log_settings
from counterpoise.web.options import RoomOptions
from counterpoise.web.profile.options import sign_in_settings
from counterpoise.web.static import static_settings

COUNTERPOISE_WORKSPACE = os.environ.get("COUNTERPOISE_WORKSPACE", ".")
_workspace = Workspace.open(COUNTERPOISE_WORKSPACE)
ROOM = RoomOptions.of(_workspace)

SECRETS_DIR = ROOM.secrets_dir(_workspace)
SECRET_KEY = read_key(SECRETS_DIR, "sessions.key")
DEBUG = False
ALLOWED_HOSTS = list(ROOM.hosts)
CSRF_TRUSTED_ORIGINS = list(ROOM.origins)

DATABASES = {"default": database_settings(ROOM.database, _workspace)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"

# One line a feature; everything else that a feature adds stands in its own folder.
FEATURES = [
    "counterpoise.web.shell",
    "counterpoise.web.balance",
    "counterpoise.web.agreements",
    "counterpoise.web.desk",
    "counterpoise.web.promotions",
    "counterpoise.web.handoffs",
    "counterpoise.web.cracks",
    "counterpoise.web.rehearsals",
    "counterpoise.web.tools",
    "counterpoise.web.joint",
    "counterpoise.web.talk",
    "counterpoise.web.pulse",
    "counterpoise.web.promises",
    "counterpoise.web.thanks",
    "counterpoise.web.people",
    "counterpoise.web.profile",
    "counterpoise.web.work",
    "counterpoise.web.results",
    "counterpoise.web.books_room",
    "counterpoise.web.audit",
    "counterpoise.web.notices",
    "counterpoise.web.administration",
    "counterpoise.web.search",
    "counterpoise.web.ledger",
    "counterpoise.web.trade",
    "counterpoise.web.api",
    "counterpoise.web.api.pages",
    "counterpoise.web.webhooks",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    *FEATURES,  # their templates go before those of what they build on
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "counterpoise.web.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "counterpoise.web.policy.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "counterpoise.web.shell.viewing.ViewingMiddleware",
    "counterpoise.web.numbers.NumbersMiddleware",
]
ROOT_URLCONF = "counterpoise.web.urls"
WSGI_APPLICATION = "counterpoise.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "counterpoise.web.shell.context.room",
            ],
            "builtins": [
                "counterpoise.web.shell.templatetags.figures",
                "counterpoise.web.shell.templatetags.looks",
            ],
        },
    }
]

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = _workspace.time_zone

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "counterpoise.web.shell.storage.StampedStorage"},
}
WHITENOISE_USE_FINDERS = True
if _gathered := os.environ.get("COUNTERPOISE_STATIC"):
    globals().update(static_settings(_gathered))
WHITENOISE_MAX_AGE = 31_536_000
CSRF_FAILURE_VIEW = "counterpoise.web.shell.errors.stale_form"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
globals().update(sign_in_settings(ROOM))
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = log_settings(ROOM.log)

FILE_UPLOAD_HANDLERS = ["counterpoise.web.books_room.uploads.LimitedUpload"]
DATA_UPLOAD_MAX_NUMBER_FILES = 100

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# What counts for all processes together is kept in the database: how often somebody tried, and
# which codes were used. What a page may work out anew is kept by each.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
