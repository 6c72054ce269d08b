"""Whether what a browser sends to be written comes from a page of ours."""

from urllib.parse import urlsplit

import flask


def is_from_here() -> bool:
    """Whether the page that sends this was ours: browsers tell from where a request comes, and scripts cannot lie."""
    headers = flask.request.headers
    if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == flask.request.host
