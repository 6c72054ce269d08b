"""Whether a series may begin anew: not where that would take away a flag which stands on its latest quarters."""

from typing import Any

from dashboard.catalog import gaps, load_catalog
from dashboard.gaps import FLAGS
from dashboard.store import BASELINE, EVERYBODY, Pin, StoreError, later

LATEST_QUARTERS = 4  # a chart that begins anew within them has no limits yet, and says nothing of what stands now


def require_nothing_hidden(snapshot: Any, pin: Pin) -> None:
    """`StoreError` where the pin is a baseline within the latest quarters and a rule that stands on a control chart
    flags the department, or of the whole region any, in the last quarter of `snapshot`."""
    quarters = snapshot.quarters_of(pin.region_id)
    if pin.kind != BASELINE or not quarters or later(pin.quarter, LATEST_QUARTERS) <= quarters[-1]:
        return
    flagged = snapshot.run(
        "pages/gaps",
        region=pin.region_id,
        quarter=quarters[-1],
        department=None if pin.department_id == EVERYBODY else pin.department_id,
        rule=None,
        statuses=list(FLAGS),
    )
    charts = [name for name, rule in gaps(load_catalog()).items() if rule.header["kind"] == "chart"]
    if n := int(flagged["rule"].isin(charts).sum()):
        raise StoreError("hides", shown=pin.quarter, quarters=LATEST_QUARTERS, n=n)
