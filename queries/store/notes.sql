/* +++
answers = "Notes pinned to quarters and their withdrawals, oldest first; of one region or of all"
+++ */
select
    number,
    region_id,
    department_id,
    quarter,
    kind,
    indicator,
    withdraws,
    text,
    who,
    at,
    snapshot,
    seen_quarter
from notes
where $region is null or region_id = $region
order by number
