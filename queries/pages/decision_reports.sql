/* +++
answers = "How many quarters of a window did each department report its major matters for, and how many quarters are there?"
needs = "departments"
+++ */
with window_quarters as (
    select member,
    from windows
    where region_id = $region and quarter = $quarter and length = $window
)

select
    l.department_id,
    count(distinct r.quarter) as reported,
    (select count(*) from window_quarters) as quarters,
from lineage as l
left join reported as r
    on l.region_id = r.region_id
    and l.former_id = r.department_id
    and r.reported_table = 'decisions'
    and r.quarter in (select member from window_quarters)
where l.region_id = $region and l.quarter = $quarter
group by l.department_id
order by l.department_id
