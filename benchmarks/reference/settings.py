from __future__ import annotations

import environ

env = environ.Env()
SECRET_KEY = "reference"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["rest_framework", "benchmarks.reference"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "benchmarks.reference.urls"
DATABASES = {"default": env.db("DATABASE_URL") | {"CONN_MAX_AGE": None}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None, "DEFAULT_AUTHENTICATION_CLASSES": []}
