/* +++
title = { zh = "督办逾期", en = "Tracked tasks overdue" }
label = { zh = "督办逾期", en = "Overdue" }
group = "accountability"
order = 13
kind = "deterministic"
source = "D1 §3.1.4"
tables = ["tasks", "tasks.closed_on"]
unit = { zh = "件", en = "tasks" }
decimals = 0
window = 1
why = { zh = "交办的事要件件有着落。期限过了没有办结，也没有人说明，督办就成了走过场。", en = "What was ordered must come to an end. A task past its date, unfinished and unexplained, makes tracking an empty form." }
formula = { zh = "季末未办结且已过期限的督办事项；任一逾期为关注，逾期超过 90 天或占未结事项 25% 以上为预警。", en = "Tasks open at the end of the quarter and past their date. Any: watch; one more than 90 days late, or more than 25 % of the open ones: alert." }
example = { zh = "未结 6 件，其中 1 件逾期 12 天（17%）：关注。若逾期 95 天，或逾期 2 件（33%）：预警。", en = "Of 6 open tasks 1 is 12 days late (17 %): watch. Were it 95 days, or 2 of them (33 %): alert." }
exclusions = { zh = "还没到期的不算；从没有交办过事项的部门不判断。", en = "Tasks not yet due; departments that were never given a task are not judged." }
assumptions = { zh = "办结日期如实、及时登记。", en = "The date of completion is registered truthfully and soon." }
remedy = { zh = "办结并登记，或经批准调整期限。", en = "Finish and register it, or have its date moved with approval." }

[thresholds.days]
value = 90
zh = "最长逾期超过此天数：预警"
en = "longest delay over these days: alert"

[thresholds.share]
value = 25
most = 100
zh = "逾期占未结事项超过此值（%）：预警"
en = "share of the open tasks over this (%): alert"

[evidence]
value = { zh = "逾期的督办", en = "overdue" }
threshold = { zh = "容许逾期（天）", en = "days allowed" }
n = { zh = "未结督办（件）", en = "open tasks" }
overdue_share = { zh = "占未结（%）", en = "share of the open ones (%)" }
longest = { zh = "最长逾期（天）", en = "longest delay (days)" }

[sentence]
zh = "{name}：未结督办 {n} 件，逾期 {value} 件，最长逾期 {longest} 天。"
en = "{name}: {value} of {n} open tasks overdue, the longest by {longest} days."
+++ */
with open_tasks as (
    select
        lineage.region_id,
        lineage.department_id,
        lineage.quarter,
        tasks.task_id,
        date_diff('day', tasks.due_on, least(quarters.last_day, quarters.as_of)) as days,
    from lineage
    inner join quarters on lineage.region_id = quarters.region_id and lineage.quarter = quarters.quarter
    inner join tasks
        on lineage.region_id = tasks.region_id
        and lineage.former_id = tasks.department_id
        and tasks.issued_on <= quarters.last_day
        and coalesce(tasks.closed_on, date '9999-12-31') > quarters.last_day
),

counted as (
    select
        region_id,
        department_id,
        quarter,
        count(*) as n_open,
        count(*) filter (where days > 0) as overdue,
        max(days) filter (where days > 0) as longest,
        list(task_id order by days desc, task_id) filter (where days > 0) as ids,
    from open_tasks
    group by region_id, department_id, quarter
),

-- who has been given tasks and has none open has none overdue
registered as (
    select distinct lineage.region_id, lineage.department_id, lineage.quarter,
    from lineage
    inner join quarters on lineage.region_id = quarters.region_id and lineage.quarter = quarters.quarter
    inner join tasks
        on lineage.region_id = tasks.region_id
        and lineage.former_id = tasks.department_id
        and tasks.issued_on <= quarters.last_day
)

select
    registered.region_id,
    registered.department_id,
    registered.quarter,
    coalesce(counted.overdue, 0)::double as value,
    0::double as threshold,
    coalesce(counted.n_open, 0) as n,
    case
        when coalesce(counted.overdue, 0) = 0 then 'ok'
        when counted.longest > $days or 100.0 * counted.overdue / counted.n_open > $share then 'alert'
        else 'watch'
    end as level,
    null::varchar as note,
    100.0 * counted.overdue / counted.n_open as overdue_share,
    coalesce(counted.longest, 0) as longest,
    coalesce(counted.ids, []) as ids,
from registered
left join counted using (region_id, department_id, quarter)
order by registered.region_id, registered.department_id, registered.quarter
