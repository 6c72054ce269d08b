/* +++
answers = "which quarters does the office have figures of, in any table"
+++ */
create table quarters as
with dated as (
    select region_id, quarter, from scores where quarter <> 'all'
    union
    select region_id, quarter, from complaints
    union
    select region_id, quarter, from cases
    union
    select region_id, quarter, from decisions
    union
    select region_id, quarter, from department_facts
)

select
    region_id,
    quarter,
    make_date(quarter[1:4]::int, 3 * quarter[6:6]::int - 2, 1) as first_day,
    (make_date(quarter[1:4]::int, 3 * quarter[6:6]::int - 2, 1) + interval 3 month - interval 1 day)::date as last_day,
from dated
order by region_id, quarter
