"""Messages in the browser: the list, the gallery, and what one does with a whole message."""

from __future__ import annotations

from django import forms
from django.contrib import messages as flashes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from console.accounts.access import WorkspaceRequest, needs
from console.accounts.models import Role
from messaging.messages import services as messages
from messaging.messages.gallery import STARTERS, draft_of
from messaging.messages.models import Message, MessageVersion

PAGE = 25


class NewMessage(forms.Form):
    name = forms.CharField(max_length=120, help_text="For you and your team; people never see it.")
    starter = forms.ChoiceField(choices=[(s.key, s.title) for s in STARTERS], initial="blank", widget=forms.HiddenInput)


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    archived = request.GET.get("archived") == "1"
    wanted = request.GET.get("q", "").strip().replace("\x00", "")
    found = Message.objects.of(request.workspace).filter(archived_at__isnull=not archived).newest()
    found = found.annotate(version=Max("versions__number"), used=Count("snapshots", distinct=True))
    if wanted:
        found = found.filter(name__icontains=wanted)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    changed = _changed(list(page))
    context = {"page": page, "changed": changed, "q": wanted, "archived": archived}
    return render(request, "messaging/messages/index.html", context)


@needs(Role.AUTHOR)
def new(request: WorkspaceRequest) -> HttpResponse:
    form = NewMessage(request.POST or None, initial={"starter": request.GET.get("starter", "blank")})
    if request.method == "POST" and form.is_valid():
        draft = draft_of(form.cleaned_data["starter"])
        try:
            made = messages.create(
                workspace=request.workspace, name=form.cleaned_data["name"], draft=draft, by=request.user
            )
        except ValidationError:
            form.add_error("name", "A message has this name already: choose another.")
        else:
            return redirect("messaging:message", workspace=request.workspace.slug, pk=made.pk)
    status = 422 if form.errors else 200
    return render(request, "messaging/messages/new.html", {"form": form, "starters": STARTERS}, status=status)


@require_POST
def rename(request: WorkspaceRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message.objects.of(request.workspace), pk=pk)
    try:
        messages.rename(message, name=request.POST.get("name", ""), by=request.user)
    except ValidationError:
        flashes.error(request, "The name was not changed: it is empty, too long, or another message has it.")
    return redirect("messaging:message", workspace=request.workspace.slug, pk=pk)


@require_POST
def duplicate(request: WorkspaceRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message.objects.of(request.workspace), pk=pk)
    copy = messages.duplicate(message, by=request.user)
    flashes.success(request, f"“{copy.name}” was made from “{message.name}”.")
    return redirect("messaging:message", workspace=request.workspace.slug, pk=copy.pk)


@require_POST
def archive(request: WorkspaceRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message.objects.of(request.workspace), pk=pk)
    messages.archive(message, by=request.user)
    flashes.success(request, f"“{message.name}” is archived. What was sent goes on being counted.")
    return redirect("messaging:messages", workspace=request.workspace.slug)


@require_POST
def restore(request: WorkspaceRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message.objects.of(request.workspace), pk=pk)
    messages.restore(message, by=request.user)
    flashes.success(request, f"“{message.name}” is back.")
    return redirect("messaging:messages", workspace=request.workspace.slug)


def _changed(listed: list[Message]) -> set[int]:
    """The messages whose draft is not what was published last."""
    latest = MessageVersion.objects.filter(message__in=listed).order_by("message", "-number").distinct("message")
    newest = {version.message_id: version for version in latest}
    return {
        message.pk for message in listed if message.pk in newest and messages.is_changed(message, newest[message.pk])
    }
