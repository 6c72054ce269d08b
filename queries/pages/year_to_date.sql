/* +++
answers = "figures that stay cumulative because the quarter before is not known: shown, never charted as a quarter"
needs = "data"
+++ */
select
    region_id,
    quarter,
    department_id,
    leads,
    filed,
    people_sanctioned,
    filed_per_lead,
    sanctioned_per_filed,
    received,
    closed,
from year_to_date
order by region_id, quarter, department_id
