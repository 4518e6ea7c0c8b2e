from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from redis import Redis

pytestmark = pytest.mark.journey


def test_the_login_of_the_banner_opens_the_dashboard(stack: dict[str, Any], page: Page) -> None:
    page.goto(stack["url"] + "/")
    page.get_by_label("Email").fill(stack["login"]["email"])
    page.get_by_label("Password", exact=True).fill(stack["login"]["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(stack["url"] + "/w/demo/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_wrong_can_be_read_on_the_front_page_of_the_admin(
    stack: dict[str, Any], page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(stack["url"] + "/accounts/login/?next=/admin/")
    page.get_by_label("Email").fill(stack["login"]["email"])
    page.get_by_label("Password", exact=True).fill(stack["login"]["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Health")).to_be_visible()
    with Redis.from_url(stack["redis_url"]) as redis:
        redis.config_set("maxmemory", "1gb")
        redis.config_set("maxmemory-policy", "allkeys-lru")
        try:
            page.reload()
        finally:
            redis.config_set("maxmemory-policy", "noeviction")
            redis.config_set("maxmemory", "0")
    row = page.get_by_role("row", name="Redis memory")
    expect(row).to_contain_text("noeviction")
    assert row.evaluate("(row) => row.offsetHeight") < 150
    assert page.evaluate("document.documentElement.scrollWidth") <= width
