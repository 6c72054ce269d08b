/* +++
answers = "What departments replied to flags, oldest first; of one region or of all"
+++ */
select
    number,
    rule,
    region_id,
    department_id,
    since,
    until,
    text,
    who,
    at,
    received,
    snapshot,
    quarter
from replies
where $region is null or region_id = $region
order by number
