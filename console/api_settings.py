"""Settings of the APIs: Django REST framework, the OpenAPI document, and which other origins may ask what."""

from __future__ import annotations

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "console.common.problems.handler",
    "DEFAULT_AUTHENTICATION_CLASSES": ["console.accounts.auth.SecretKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Earshot",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "console.accounts.schema.tell_problems",
    ],
}
# Reports and queues are fetched from any page that carries the SDK; none of them uses cookies.
CORS_URLS_REGEX = r"^/(v1|api/v1|api/v3|api/v4|renderer)/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_EXPOSE_HEADERS = [
    "X-Gist-Queue-Polling-Interval",
    "X-CIO-Use-SSE",
    "X-CIO-Inbox-Enabled",
    "Retry-After",
]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "content-encoding",
    "x-strict-mode",
    "x-cio-client-platform",
    "x-cio-site-id",
    "x-cio-client-version",
    "x-gist-encoded-user-token",
    "x-gist-user-anonymous",
    "x-earshot-signature",
    "x-retry-count",
    "*",  # whatever else a public client sends; browsers of before 2022 know the names above alone
]
