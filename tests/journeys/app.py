"""An app of another site with the SDK on its page, the network between it and Earshot, and what the log has at last."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from playwright.sync_api import FrameLocator, Page, expect

from tests.journeys.network_proxy import NetworkProxy, Sending
from tests.stacks import ROOT
from tracking.ingest.validate import event_key

PATIENCE = 15  # seconds
COUNT, LOOK, GO = "Count me", "Just looking", "Go elsewhere"


def button(id: str, text: str, kind: str, value: str = "", **over: Any) -> dict[str, Any]:
    action = {"id": id, "text": text, "name": text, "behaviour": {"kind": kind, "value": value}}
    return {"kind": "button", "id": f"b_{id}", "action": action | over}


def text(id: str, html: str) -> dict[str, Any]:
    return {"kind": "text", "id": id, "html": html}


def survey(proxy: NetworkProxy) -> dict[str, Any]:
    """A modal that stays for as many taps as one likes, tracked and untracked, and has a way out."""
    blocks = [
        text("t1", "<h2>What would you like?</h2>"),
        button("count", COUNT, "custom", "count"),
        button("look", LOOK, "custom", "look", track=False),
        button("go", GO, "url", f"{proxy.site}/elsewhere"),
    ]
    return {"steps": [{"id": "s1", "blocks": blocks}]}


def offer(stack: dict[str, Any], name: str, draft: dict[str, Any], *people: str, only: bool = False) -> None:
    """A message for everyone, `people` among them (or for them only), made beside the running stack."""
    wanted = [{"name": name, "people": people, "draft": draft, "only": only}]
    servers = {"DATABASE_URL": stack["database_url"], "REDIS_URL": stack["redis_url"]}
    env = os.environ | servers | {"EARSHOT_LIVE_URL": stack["live_url"]}  # whoever sends it tells open pages
    subprocess.run([sys.executable, "-m", "tests.journeys.offer", json.dumps(wanted)], cwd=ROOT, env=env, check=True)


@dataclass(frozen=True)
class Row:
    key: str
    name: str
    payload: dict[str, Any] | None
    occurred_at: datetime
    received_at: datetime


@dataclass
class App:
    stack: dict[str, Any]
    proxy: NetworkProxy
    log: psycopg.Connection[Any]
    workspace: int
    visitors: Iterator[str]

    def open(self, page: Page, person: str) -> FrameLocator:
        """The page, with the survey on it."""
        page.goto(f"{self.proxy.site}/app?person={person}")
        frame = page.frame_locator("dialog iframe")
        expect(frame.locator("[data-ready]")).to_be_visible(timeout=PATIENCE * 1000)
        return frame

    def tap(self, page: Page, name: str = COUNT) -> None:
        """And wait until the app's listeners have heard of it: then it is written down.

        By keyboard: a click waits for the frame to be painted, which browsers do rarely in a tab behind another.
        """
        before = self.heard(page, "action").count(name)
        page.frame_locator("dialog iframe").get_by_role("button", name=name).press("Enter")
        page.wait_for_function(
            "([name, count]) => heard.action.filter((one) => one === name).length > count", arg=[name, before]
        )

    def heard(self, page: Page, kind: str) -> list[Any]:
        found: list[Any] = page.evaluate(f"heard.{kind}")
        return found

    def key_of(self, message_id: str) -> str:
        """What the log calls it, as PostgreSQL writes that."""
        return str(UUID(event_key(self.workspace, message_id)))

    def keys(self, page: Page, name: str = COUNT) -> list[str]:
        """How the log will name the taps that this page has written down."""
        calls = [call for call in self.heard(page, "report") if call.get("properties", {}).get("actionName") == name]
        return [self.key_of(call["messageId"]) for call in calls]

    def rows(self, person: str, name: str = COUNT) -> list[Row]:
        found = self.log.execute(
            "SELECT key::text, name, payload, occurred_at, received_at FROM tracking_event"
            " WHERE workspace_id = %s AND user_id = %s AND name = %s ORDER BY occurred_at",
            [self.workspace, person, name],
        )
        return [Row(*row) for row in found]

    def sendings_of(self, key: str) -> list[Sending]:
        return [
            sending
            for sending in list(self.proxy.sendings)
            if any(self.key_of(item["messageId"]) == key for item in sending.batch)
        ]

    def expect_rows(self, page: Page, person: str, keys: list[str], name: str = COUNT) -> list[Row]:
        """Each of them is in the log, once, and nothing else of that name; nor does anything more come in."""
        until(page, lambda: len(self.rows(person, name)) >= len(keys), f"{len(keys)} rows of {person}")
        page.wait_for_timeout(300)
        rows = self.rows(person, name)
        assert Counter(row.key for row in rows) == Counter(dict.fromkeys(keys, 1))
        return rows


def until(page: Page, holds: Callable[[], Any], what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        page.wait_for_timeout(30)


def waiting(page: Page) -> int:
    """Reports in the page's IndexedDB."""
    found: int = page.evaluate(
        """async () => {
            const answer = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
            const { name } = (await indexedDB.databases())[0];
            const database = await answer(indexedDB.open(name));
            const count = await answer(database.transaction("reports").objectStore("reports").count());
            database.close();
            return count;
        }"""
    )
    return found
