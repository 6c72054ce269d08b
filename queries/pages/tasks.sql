/* +++
answers = "How does each tracked task stand at the end of a quarter, and was it due in the window that ends with it?"
needs = "departments"
+++ */
with shown as (
    select
        w.last_day,
        -- what is due after the day on which the figures were built is not late yet
        least(w.last_day, any_value(q.as_of)) as as_of,
        min(w.member_first_day) as first_day,
    from windows as w
    inner join quarters as q on w.region_id = q.region_id and w.quarter = q.quarter
    where w.region_id = $region and w.quarter = $quarter and w.length = $window
    group by w.last_day
),

given as (
    select
        l.department_id,
        d.category,
        t.task_id,
        t.kind,
        t.title,
        t.phase,
        t.issued_on,
        t.due_on,
        if(t.closed_on <= shown.last_day, t.closed_on, null) as closed_on,
        t.published,
        shown.as_of,
        shown.first_day,
    from lineage as l
    inner join departments as d on l.region_id = d.region_id and l.department_id = d.department_id
    inner join tasks as t on l.region_id = t.region_id and l.former_id = t.department_id
    cross join shown
    where
        l.region_id = $region
        and l.quarter = $quarter
        and ($category is null or d.category = $category)
        and t.issued_on <= shown.last_day
)

select
    department_id,
    category,
    task_id,
    kind,
    title,
    phase,
    issued_on,
    due_on,
    closed_on,
    published,
    case
        when closed_on <= due_on then 'in_time'
        when closed_on is not null then 'late'
        when due_on < as_of then 'overdue'
        else 'open'
    end as state,
    greatest(date_diff('day', due_on, coalesce(closed_on, as_of)), 0) as days_late,
    due_on between first_day and as_of as is_due_in_window,
    as_of,
from given
order by days_late desc, due_on, department_id, task_id
