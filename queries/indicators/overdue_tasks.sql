/* +++
title = { zh = "逾期督办事项", en = "Overdue tasks" }
label = { zh = "逾期", en = "Overdue" }
unit = { zh = "项", en = "tasks" }
why = { zh = "季末仍未办结、已过期限的督办事项数；分母为季末未办结事项。", en = "Tracked tasks past their date and still open at the end of the quarter, of those open." }
source = "D1 §3.1.4"
group = "follow_up"
order = 310
better = "lower"
kind = "count"
decimals = 0
tables = ["tasks"]
+++ */
select
    tasks.region_id,
    tasks.department_id,
    quarters.quarter,
    '' as variant,
    count(*) filter (where tasks.due_on < quarters.last_day)::double as value,
    count(*) filter (where tasks.due_on < quarters.last_day)::double as numerator,
    count(*)::double as denominator,
    count(*) as n,
    null::varchar as note,
from tasks
inner join quarters
    on tasks.region_id = quarters.region_id
    and tasks.issued_on <= quarters.last_day
    and coalesce(tasks.closed_on, date '9999-12-31') > quarters.last_day
group by tasks.region_id, tasks.department_id, quarters.quarter
