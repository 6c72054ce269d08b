/* +++
answers = "Of the major matters of each department in a window, by kind: how many were decided collectively, voted on, attended, signed by one alone, and so on?"
needs = "departments"
+++ */
with belonging as (
    select
        l.department_id,
        d.category,
        c.kind,
        c.total,
        c.collective,
        c.voted,
        c.attended,
        c.single_signature,
        if(c.kind = 'appointment', c.asked_in_writing, null) as asked_in_writing,
        if(c.kind in ('project', 'purchase'), c.open_tender, null) as open_tender,
        c.risk_assessed,
        c.published,
    from lineage as l
    inner join departments as d on l.region_id = d.region_id and l.department_id = d.department_id
    inner join windows as w on l.region_id = w.region_id and l.quarter = w.quarter and w.length = $window
    inner join decisions as c
        on l.region_id = c.region_id
        and l.former_id = c.department_id
        and w.member = c.quarter
    where
        l.region_id = $region
        and l.quarter = $quarter
        and ($category is null or d.category = $category)
        and c.total is not null
),

-- a row that leaves a figure empty says nothing of it, neither above nor below the line of the fraction
long as (
    select department_id, category, kind, measure, amount, total,
    from belonging
    unpivot (
        amount for measure in (
            collective, voted, attended, single_signature, asked_in_writing, open_tender, risk_assessed, published
        )
    )
)

select
    department_id,
    category,
    kind,
    measure,
    sum(amount)::double as x,
    sum(total)::double as n,
from long
group by department_id, category, kind, measure
order by department_id, kind, measure
