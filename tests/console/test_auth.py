from __future__ import annotations

import base64
from typing import Any

import pytest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from console.accounts.auth import SecretKeyAuthentication, WriteKeyAuthentication
from console.accounts.models import ApiKey, Workspace
from console.accounts.services import keys
from tests.people import make_member, make_secret_key, make_workspace, make_write_key

pytestmark = pytest.mark.django_db


class Whoami(APIView):
    authentication_classes = [SecretKeyAuthentication]

    def get(self, request: Request) -> Response:
        key: Any = request.auth
        return Response({"workspace": request.workspace.slug, "key": key.name})  # type: ignore[attr-defined]


class Queue(Whoami):
    authentication_classes = [WriteKeyAuthentication]


def ask(view: type[APIView], **headers: str) -> Any:
    return view.as_view()(APIRequestFactory().get("/", headers=headers))


def basic(user: str, password: str = "") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


class TestASecretKey:
    @pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "basic", "password"])
    def test_opens_its_workspace(self, workspace: Workspace, form: str) -> None:
        key = make_secret_key(workspace)
        header = {"basic": basic(key), "password": basic("site", key)}.get(form) or form.format(key)
        answer = ask(Whoami, authorization=header)
        assert (answer.status_code, answer.data) == (200, {"workspace": "acme", "key": "server"})

    def test_is_asked_for_when_there_is_none(self, workspace: Workspace) -> None:
        answer = ask(Whoami)
        assert (answer.status_code, answer.data["code"]) == (401, "no_key")
        assert answer["WWW-Authenticate"].startswith("Bearer")

    @pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer " + "x" * 5000, basic("a", "b"), "Basic %%%"])
    def test_that_nobody_issued_is_refused(self, workspace: Workspace, header: str) -> None:
        answer = ask(Whoami, authorization=header)
        assert (answer.status_code, answer.data["code"]) == (401, "unknown_key")

    def test_that_was_revoked_is_refused(self, workspace: Workspace) -> None:
        plain = make_secret_key(workspace)
        from console.accounts.models import Role

        keys.revoke(ApiKey.objects.get(), by=make_member(workspace, Role.OWNER, "alice"))
        assert ask(Whoami, authorization=f"Bearer {plain}").status_code == 401

    def test_is_not_a_write_key(self, workspace: Workspace) -> None:
        answer = ask(Whoami, authorization=f"Bearer {make_write_key(workspace)}")
        assert answer.status_code == 401
        assert "secret key is needed" in answer.data["detail"]


class TestAWriteKey:
    def test_comes_as_the_site_id(self, workspace: Workspace) -> None:
        answer = ask(Queue, **{"X-CIO-Site-Id": make_write_key(workspace)})
        assert answer.data == {"workspace": "acme", "key": "web"}

    @pytest.mark.parametrize("form", ["Bearer {}", "basic"])
    def test_comes_in_the_authorization_too(self, workspace: Workspace, form: str) -> None:
        key = make_write_key(workspace)
        assert ask(Queue, authorization=basic(key) if form == "basic" else form.format(key)).status_code == 200

    def test_is_not_a_secret_key(self, workspace: Workspace) -> None:
        assert ask(Queue, **{"X-CIO-Site-Id": make_secret_key(workspace)}).status_code == 401
