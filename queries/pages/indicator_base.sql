/* +++
answers = "What stands behind an indicator of the region or of a kind of department in a quarter: how many departments, on how many cases, by which method?"
needs = "region"
+++ */
with listed as (
    select q.department_id,
    from department_quarters as q
    inner join departments as d on d.region_id = q.region_id and d.department_id = q.department_id
    where q.region_id = $region and q.quarter = $quarter and ($category is null or d.category = $category)
),

rows_of_interest as (
    select j.*,
    from judgements as j
    left join listed as l on l.department_id = j.department_id
    where
        j.indicator = $indicator
        and j.variant = $variant
        and j.region_id = $region
        and j.period = $quarter
        and j.scope = 'region'
        and j.window_quarters = $window
        and j.value is not null
        and (l.department_id is not null or (j.department_id = '*' and $category is null))
    -- a region that reports only as a whole has no departments' rows to add up
    qualify j.department_id <> '*' or count(*) filter (where j.department_id <> '*') over () = 0
)

select
    count(*) filter (where department_id <> '*') as departments,
    sum(n)::double as n,
    sum(value)::double as total,
    avg(value)::double as mean,
    sum(numerator)::double as numerator,
    sum(denominator)::double as denominator,
    100 * sum(numerator)::double / nullif(sum(denominator), 0)::double as percent,
    count(*) filter (where note = 'partial_quarter') as partial_quarter,
    count(*) filter (where note = 'staff_carried') as staff_carried,
    count(*) filter (where note = 'short_window') as short_window,
    count(*) filter (where note = 'few') as few,
    max(method) as method,
    max(method_version) as method_version,
from rows_of_interest
order by departments
