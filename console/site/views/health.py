"""For load balancers and the supervisor: is the process alive, and is it of use?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from console.health import report


def alive(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """503 with what is missing, so that whoever is called at night knows where to look; 200 for what can wait."""
    found = report()
    troubles = [trouble for trouble in found.values() if trouble]
    stops = any(trouble.stops for trouble in troubles)
    status = "unavailable" if stops else "degraded" if troubles else "ok"
    said = {name: trouble.said if trouble else "ok" for name, trouble in found.items()}
    return JsonResponse({"status": status, **said}, status=503 if stops else 200)
