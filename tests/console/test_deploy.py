"""What deploy/ holds is run where its programs are installed, and every setting that it names is one."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
import yaml
from redis import Redis

from console.runtime.server.limits import Limits
from tests import proxies, stacks
from tests.proxies import DEPLOY, HOST

SETTING = re.compile(r"\b(?:EARSHOT_[A-Z_]+[A-Z]|DATABASE_URL|REDIS_URL|SECRET_KEY|EMAIL_URL)\b")
TOO_MANY = b"Too many failed"
NEEDED = {"caddy": proxies.needed("caddy", "caddy"), "nginx": proxies.needed("nginx", "nginx-light")}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stacks.Running]:
    url = f"https://{HOST}"
    running = stacks.start(
        tmp_path_factory.mktemp("deployed"), EARSHOT_URL=url, EARSHOT_LIVE_URL=url, EARSHOT_BEHIND_PROXY="true"
    )
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module", params=[pytest.param(kind, marks=NEEDED[kind]) for kind in proxies.KINDS])
def port(
    request: pytest.FixtureRequest, stack: stacks.Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    command = Path(f"/proc/{stack.process.pid}/environ").read_bytes().split(b"\0")
    web = int(next(word for word in command if word.startswith(b"EARSHOT_PORT=")).partition(b"=")[2])
    with proxies.proxy(request.param, tmp_path_factory.mktemp(request.param), web) as port:
        yield port


def ask(
    port: int, method: str, path: str, body: str | bytes = "", headers: dict[str, str] | None = None,
    source: str = "127.0.0.1",
) -> tuple[http.client.HTTPResponse, bytes]:  # fmt: skip
    link = http.client.HTTPConnection(HOST)
    link.sock = proxies.connect(port, source)
    link.request(method, path, body, headers or {})
    answer = link.getresponse()
    return answer, answer.read()


def test_pages_static_files_and_reports_pass_the_proxy(port: int, stack: stacks.Running) -> None:
    answer, page = ask(port, "GET", "/accounts/login/")
    assert answer.status == 200
    assert "Secure" in str(answer.headers["Set-Cookie"])  # it knows that the client speaks TLS
    assert answer.headers["Strict-Transport-Security"]
    found = re.search(rb'href="(/static/[^"]+\.css)"', page)
    assert found
    assert ask(port, "GET", found.group(1).decode())[0].status == 200
    name = f"Through port {port}"
    call = json.dumps({"userId": "somebody", "event": name})
    bearer = {"Authorization": f"Bearer {stack.note['write_key']}"}
    assert ask(port, "POST", "/v1/track", call, bearer)[0].status == 200
    with psycopg.connect(stack.note["database_url"]) as connection:
        row = connection.execute("SELECT count(*) FROM tracking_event WHERE name = %s", [name]).fetchone()
    assert row == (1,)


def test_somebody_signs_in_through_the_proxy(port: int, stack: stacks.Running) -> None:
    login = stack.note["login"]
    answer, _ = sign_in(port, login["email"], login["password"])
    assert answer.status == 302
    assert "sessionid=" in str(answer.headers.get_all("Set-Cookie"))


def test_what_live_tells_arrives_at_once(port: int, stack: stacks.Running) -> None:
    person = f"reader-{port}"
    query = urlencode({"userToken": base64.b64encode(person.encode()), "siteId": stack.note["write_key"]})
    with psycopg.connect(stack.note["database_url"]) as connection:
        row = connection.execute("SELECT id FROM console_workspace").fetchone()
    assert row
    link = http.client.HTTPConnection(HOST)
    link.sock = proxies.connect(port)
    link.request("GET", f"/api/v3/sse?{query}")
    answer = link.getresponse()
    assert answer.headers["Content-Type"] == "text/event-stream"
    link.sock.settimeout(10)  # half of the time between two heartbeats
    assert next_event(answer) == "connected"
    with Redis.from_url(stack.note["redis_url"]) as redis:
        redis.publish("earshot:nudges", json.dumps({"workspace": row[0], "people": [person]}))
    assert next_event(answer) == "connected"
    link.close()


def test_a_client_is_known_by_the_address_that_the_proxy_saw(port: int) -> None:
    first, second = f"127.0.{port % 200 + 1}.1", f"127.0.{port % 200 + 1}.2"
    for number in range(10):
        claimed = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        assert TOO_MANY not in sign_in(port, f"nobody-{number}@example.org", "wrong", first, claimed)[1]
    claimed = {"X-Forwarded-For": "203.0.113.99"}
    assert TOO_MANY in sign_in(port, "nobody-99@example.org", "wrong", first, claimed)[1]
    assert TOO_MANY not in sign_in(port, "nobody-99@example.org", "wrong", second, claimed)[1]


def test_a_body_that_is_too_large_is_refused_whatever_its_size(port: int, stack: stacks.Running) -> None:
    bearer = {"Authorization": f"Bearer {stack.note['write_key']}", "Content-Type": "application/json"}
    answer, said = ask(port, "POST", "/api/v1/people/import", b"x" * (8 << 20), bearer)
    assert answer.status == 413
    assert b"title" in said or b"too large" in said.lower()
    assert ask(port, "POST", "/v1/batch", b"x" * (11 << 20), bearer)[0].status == 413


def sign_in(
    port: int, email: str, password: str, source: str = "127.0.0.1", headers: dict[str, str] | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    page, text = ask(port, "GET", "/accounts/login/", source=source)
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    cookie = re.search(r"csrftoken=[^;]+", str(page.headers["Set-Cookie"]))
    assert token
    assert cookie
    form = urlencode({"csrfmiddlewaretoken": token.group(1).decode(), "login": email, "password": password})
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie.group(), "Origin": f"https://{HOST}"}
    sent |= {"Referer": f"https://{HOST}/"} | (headers or {})
    return ask(port, "POST", "/accounts/login/", form, sent, source)


def next_event(answer: http.client.HTTPResponse) -> str:
    while line := answer.readline():
        if line.startswith(b"event:"):
            return line.partition(b":")[2].strip().decode()
        if line.startswith(b"data:") and b'"type"' in line:
            return str(json.loads(line.partition(b":")[2])["type"])
    raise AssertionError("the stream ended")


def test_every_setting_in_deploy_is_one() -> None:
    apps = (stacks.ROOT / name for name in ("console", "messaging", "tracking"))
    code = "".join(path.read_text() for app in apps for path in app.rglob("*.py"))
    known = set(re.findall(r'"([A-Z][A-Z_]+)"', code))
    known |= {f"EARSHOT_LIMIT_{field.name.upper()}" for field in fields(Limits)}
    for path in DEPLOY.iterdir():
        named = set(SETTING.findall(path.read_text()))
        assert named <= known, f"{path.name}: {named - known}"


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None and os.environ.get("CI") != "true",
    reason="systemd-analyze is not installed: apt install systemd",
)
def test_the_unit_is_a_sound_one(tmp_path: Path) -> None:
    text = proxies.replaced((DEPLOY / "earshot.service").read_text(), {"/opt/earshot": str(stacks.ROOT)})
    (tmp_path / "earshot.service").write_text(text)
    run = subprocess.run(["systemd-analyze", "verify", tmp_path / "earshot.service"], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    shown = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=25", tmp_path / "earshot.service"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stdout


def test_each_service_of_compose_starts_after_what_it_needs() -> None:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert {"web", "live", "worker", "beat", "prepare", "postgres", "redis"} == set(services)
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
    for name in ("web", "live", "worker", "beat"):
        assert services[name]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
def test_compose_takes_its_file_and_asks_for_the_secrets() -> None:
    secrets = {"SECRET_KEY": "a", "POSTGRES_PASSWORD": "b", "REDIS_PASSWORD": "c"}
    command = ["docker-compose", "-f", str(DEPLOY / "compose.yaml"), "config", "--quiet"]
    plain = {name: value for name, value in os.environ.items() if name not in secrets}
    assert subprocess.run(command, env=plain | secrets, capture_output=True).returncode == 0
    for name in secrets:
        less = {key: value for key, value in secrets.items() if key != name}
        refused = subprocess.run(command, env=plain | less, capture_output=True, text=True)
        assert refused.returncode != 0
        assert name in refused.stderr
