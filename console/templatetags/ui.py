"""Components of the pages, as tags: `{% load ui %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from console.accounts.models import Role, Workspace

register = template.Library()

TONES = {
    "good": {"finished", "sent", "published", "accepted", "live", "opened", "clicked"},
    "busy": {"running", "sending", "scheduled", "queued"},
    "warn": {"paused", "changed", "expired", "dismissed", "invited"},
    "bad": {"cancelled", "failed", "failing", "rejected", "revoked", "recalled"},
}
FLASHES = {"success": "check", "error": "alert", "warning": "alert"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from static/img/icons.svg, hidden from screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget in Tabler's clothes, tied to its help and its errors."""
    widget = field.field.widget
    if isinstance(widget, (CheckboxSelectMultiple, RadioSelect)):
        kind = ""
    elif isinstance(widget, CheckboxInput):
        kind = "form-check-input"
    elif isinstance(widget, Select):
        kind = "form-select"
    else:
        kind = "form-control" if not isinstance(widget, FileInput) else "form-control form-file"
    classes = " ".join(filter(None, [kind, widget.attrs.get("class", ""), "is-invalid" if field.errors else ""]))
    described = [f"{field.auto_id}_help"] if field.help_text else []
    described += [f"{field.auto_id}_error"] if field.errors else []
    attrs: dict[str, Any] = {"class": classes} if classes else {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choices(field: BoundField) -> bool:
    return isinstance(field.field.widget, (CheckboxSelectMultiple, RadioSelect))


@register.inclusion_tag("components/field.html")
def field(field: BoundField) -> dict[str, Any]:
    return {"field": field}


@register.filter
def split(words: str) -> list[str]:
    return words.split(",")


@register.filter
def change(value: Any) -> str:
    """One change of an audit entry: [before, after], or what was set."""
    if isinstance(value, list) and len(value) == 2:
        return f"{_said(value[0])} → {_said(value[1])}"
    return _said(value)


def _said(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, (str, int, float)) else "…"


@register.filter
def tone(status: Any) -> str:
    """The colour of a pill: good, busy, warn, bad, or quiet."""
    return next((tone for tone, words in TONES.items() if str(status).lower() in words), "quiet")


@register.filter
def flash_icon(tags: str) -> str:
    return next((name for tag, name in FLASHES.items() if tag in tags), "info")


@register.simple_tag
def workspaces_of(user: Any) -> list[Workspace]:
    return list(Workspace.objects.of(user).order_by("name")) if user.is_authenticated else []


@register.filter
def may_write(request: Any) -> bool:
    """`{% if request|may_write %}`: an author or an owner."""
    return bool(getattr(request, "role", None) and request.role.rank >= Role.AUTHOR.rank)


@register.filter
def may_govern(request: Any) -> bool:
    """`{% if request|may_govern %}`: an owner."""
    return bool(getattr(request, "role", None) and request.role.rank >= Role.OWNER.rank)


NAVIGATION = [
    ("", [("console:dashboard", "Dashboard", "dashboard")]),
    (
        "Send",
        [
            ("messaging:messages", "Messages", "message"),
            ("messaging:broadcasts", "Broadcasts", "broadcast"),
            ("messaging:campaigns", "Campaigns", "campaign"),
        ],
    ),
    (
        "Audience",
        [
            ("messaging:people", "People", "person"),
            ("messaging:segments", "Segments", "segment"),
            ("tracking:rejects", "Rejected events", "reject"),
        ],
    ),
    (
        "Workspace",
        [
            ("console:members", "Members", "members"),
            ("console:keys", "Keys", "key"),
            ("tracking:webhooks", "Webhooks", "webhook"),
            ("console:audit", "Audit log", "audit"),
            ("console:settings", "Settings", "settings"),
        ],
    ),
]


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation(context: template.Context) -> dict[str, Any]:
    """The side bar's links; the current one is the longest that the path begins with."""
    request = context["request"]
    groups = [
        (title, [link for name, label, picture in links if (link := _link(request, name, label, picture))])
        for title, links in NAVIGATION
    ]
    return {"groups": groups}


def _link(request: Any, name: str, label: str, picture: str) -> dict[str, Any] | None:
    try:
        url = reverse(name, kwargs={"workspace": request.workspace.slug})
    except NoReverseMatch:
        return None
    here = request.path == url if name == "console:dashboard" else request.path.startswith(url)
    return {"url": url, "label": label, "icon": picture, "here": here}
