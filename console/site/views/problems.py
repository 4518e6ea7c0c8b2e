"""The page that the `type` of every problem leads to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from console.common.problems import TITLES
from tracking.ingest.rejection_codes import HELP

ADVICE = {
    "bad_request": "The body is not JSON, or a header makes no sense. `detail` says where it stops.",
    "no_key": "Send `Authorization: Bearer sk_…` to the management API; SDKs send their write key as `X-CIO-Site-Id`.",
    "unknown_key": "The key is misspelt, was revoked, or is of the other kind. See Keys in the workspace.",
    "forbidden": "The key is good but may not do this.",
    "not_found": "No such address, or no such object in the workspace of this key.",
    "method_not_allowed": "The `Allow` header of the answer lists the methods.",
    "not_acceptable": "Ask for application/json.",
    "conflict": "The object is in a state that forbids it; `detail` names the state. Nothing was changed.",
    "too_large": "Split the request: `detail` says what the limit is.",
    "unsupported_media_type": "Send application/json.",
    "invalid": "`errors` lists each field as a JSON pointer with a code and what to do. Nothing was changed.",
    "too_many_requests": "Wait as many seconds as the `Retry-After` header says.",
    "busy": "Nothing was changed. Send it again after a few seconds.",
    "server_error": "It is in the server's log. Sending the same again later is safe where ids make it idempotent.",
}


def problems(request: HttpRequest) -> HttpResponse:
    rows = [{"code": code, "title": title, "advice": ADVICE[code]} for code, title in TITLES.items()]
    rejections = {code.value: text for code, text in HELP.items() if code.value not in TITLES}
    return render(request, "console/problems.html", {"problems": rows, "rejections": rejections})
