from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey


def test_the_login_of_the_banner_opens_the_dashboard(stack: dict[str, Any], page: Page) -> None:
    page.goto(stack["url"] + "/")
    page.get_by_label("Email").fill(stack["login"]["email"])
    page.get_by_label("Password", exact=True).fill(stack["login"]["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(stack["url"] + "/w/demo/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
