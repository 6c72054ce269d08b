/* +++
title = { zh = "逾期督办事项", en = "Overdue tasks" }
label = { zh = "逾期", en = "Overdue" }
unit = { zh = "项", en = "tasks" }
why = { zh = "季末仍未办结、已过期限的督办事项数；分母为季末未办结事项。", en = "Tracked tasks past their date and still open at the end of the quarter, of those open." }
numerator = { zh = "季末仍未办结、已过期限的督办事项数", en = "tracked tasks past their date and still open at the end of the quarter" }
denominator = { zh = "季末未办结的督办事项数", en = "tracked tasks open at the end of the quarter" }
formula = { zh = "季末逾期未结的事项逐项相加；未结总数并列参考，不相除", en = "overdue tasks added up; the open ones stand beside them and are not divided by" }
caveats = { zh = "是季末的存量：同一事项会连续几季出现，各季不能相加。多数部门是 0，件数很少，控制图不作判断。", en = "A stock at the end of the quarter: one task may appear in several quarters, which are never added up. Most departments have none; counts so small are not judged by a control chart." }
source = "D1 §3.1.4"
group = "follow_up"
order = 310
better = "lower"
kind = "count"
stock = true
due = true
decimals = 0
tables = ["tasks"]
+++ */
with open_tasks as (
    select
        tasks.region_id,
        tasks.department_id,
        quarters.quarter,
        count(*) as n_open,
        count(*) filter (where tasks.due_on < least(quarters.last_day, quarters.as_of)) as n_overdue,
    from tasks
    inner join quarters
        on tasks.region_id = quarters.region_id
        and tasks.issued_on <= quarters.last_day
        and coalesce(tasks.closed_on, date '9999-12-31') > quarters.last_day
    group by tasks.region_id, tasks.department_id, quarters.quarter
)

select
    departments.region_id,
    departments.department_id,
    departments.quarter,
    '' as variant,
    coalesce(open_tasks.n_overdue, 0)::double as value,
    coalesce(open_tasks.n_overdue, 0)::double as numerator,
    coalesce(open_tasks.n_open, 0)::double as denominator,
    coalesce(open_tasks.n_open, 0)::bigint as n,
    null::varchar as note,
from department_quarters as departments
-- who has been given tasks and has none open has none overdue
inner join (
    select region_id, department_id, min(issued_on) as first_issued,
    from tasks
    group by region_id, department_id
) as registered
    on departments.region_id = registered.region_id
    and departments.department_id = registered.department_id
    and departments.last_day >= registered.first_issued
left join open_tasks
    on departments.region_id = open_tasks.region_id
    and departments.department_id = open_tasks.department_id
    and departments.quarter = open_tasks.quarter
where (departments.region_id, 'tasks', 'closed_on') in (select (region_id, "table", "column"), from given_columns)
