"""Turns what the server does into figures for Prometheus: ``/metrics``.

Requests are told apart by the first part of their path's pattern and by the class of their status, and by nothing of who asks.
Source: the text exposition format of Prometheus, version 0.0.4.
"""

import time
from collections import Counter, defaultdict
from threading import Lock
from typing import cast

from flask import Blueprint, Response, current_app, g, request

from api import fields
from api.answers import inquiry
from kg.errors import StoreUnavailable

blueprint = Blueprint("metrics", __name__)

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Meters:
    """What was counted since the server began: requests by route and status, and how long they took."""

    def __init__(self) -> None:
        self.began = time.time()
        self._lock = Lock()
        self._requests: Counter[tuple[str, str]] = Counter()
        self._within: Counter[tuple[str, float]] = Counter()
        self._spent_s: defaultdict[str, float] = defaultdict(float)

    def count(self, route: str, status: int, took_s: float) -> None:
        """Count a request that was answered."""
        with self._lock:
            self._requests[route, f"{status // 100}xx"] += 1
            self._spent_s[route] += took_s
            self._within.update((route, bound) for bound in BOUNDS_S if took_s <= bound)

    def lines(self) -> list[str]:
        """Return what was counted, in Prometheus's text."""
        with self._lock:
            requests, within, spent = dict(self._requests), dict(self._within), dict(self._spent_s)
        found = ["# HELP parkg_requests_total Requests that the application answered; plain GETs of /sparql go past it.",
                 "# TYPE parkg_requests_total counter"]
        found += [f'parkg_requests_total{{route="{route}",status="{status}"}} {count}'
                  for (route, status), count in sorted(requests.items())]
        found += ["# HELP parkg_request_seconds How long the application took to answer.",
                  "# TYPE parkg_request_seconds histogram"]
        for route in sorted(spent):
            total = sum(count for (there, _), count in requests.items() if there == route)
            found += [f'parkg_request_seconds_bucket{{route="{route}",le="{bound:g}"}} {within.get((route, bound), 0)}'
                      for bound in BOUNDS_S]
            found += [f'parkg_request_seconds_bucket{{route="{route}",le="+Inf"}} {total}',
                      f'parkg_request_seconds_sum{{route="{route}"}} {spent[route]:.6f}',
                      f'parkg_request_seconds_count{{route="{route}"}} {total}']
        return [*found, "# HELP parkg_start_time_seconds When the server began, in seconds since 1970.",
                "# TYPE parkg_start_time_seconds gauge", f"parkg_start_time_seconds {self.began:.3f}"]


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the figures of the server since it began, and the revision that it serves."""
    fields.refuse_others("/metrics", ())
    try:
        revision = inquiry().revision().number
    except StoreUnavailable:
        revision = 0
    lines = [*_meters().lines(), "# HELP parkg_revision The revision that is served; 0 before the first.",
             "# TYPE parkg_revision gauge", f"parkg_revision {revision}"]
    response = Response("\n".join(lines) + "\n", content_type=_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.before_app_request
def _begin() -> None:
    g.began = time.monotonic()


@blueprint.after_app_request
def _end(response: Response) -> Response:
    rule = request.url_rule.rule if request.url_rule else "none"
    if rule == "/metrics":
        return response  # reading the figures changes none of them
    route = "/" + rule.lstrip("/").partition("/")[0].partition(".<")[0] if rule != "none" else rule
    _meters().count(route, response.status_code, time.monotonic() - g.get("began", time.monotonic()))
    return response


def _meters() -> Meters:
    return cast(Meters, current_app.extensions["meters"])
