/* +++
answers = "What was recorded of the follow-up of flags, oldest first, in a file of version 1 that nobody may bring up to date; of one region or of all"
+++ */
select
    number,
    rule,
    region_id,
    department_id,
    since,
    until,
    '' as level,
    follows,
    state,
    owner,
    due,
    note,
    outcome,
    who,
    at,
    snapshot,
    quarter
from events
where $region is null or region_id = $region
order by number
