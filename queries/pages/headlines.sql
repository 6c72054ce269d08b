/* +++
answers = "A few indicators for the region or a peer group as a whole, quarter by quarter, of those who stood in each."
needs = "region"
+++ */
with
rows_of_interest as (
    select j.*,
    from judgements as j
    left join department_quarters as q
        on q.region_id = j.region_id and q.quarter = j.period and q.department_id = j.department_id
    left join departments as d on d.region_id = q.region_id and d.department_id = q.department_id
    where
        j.region_id = $region
        and j.indicator in (select unnest($indicators::varchar[]))
        and j.variant in ('', 'composite')
        and j.scope = 'region'
        and j.window_quarters = 1
        and j.value is not null
        and (q.department_id is not null or j.department_id = '*')
        and ($category is null or d.category = $category)
),

-- a region that reports only as a whole has no departments' rows to add up
usable as (
    select *, from rows_of_interest
    qualify
        department_id <> '*'
        or count(*) filter (where department_id <> '*') over (partition by indicator, period) = 0
)

select
    indicator,
    period as quarter,
    count(*) as departments,
    sum(value)::double as total,
    avg(value)::double as mean,
    sum(numerator)::double as numerator,
    sum(denominator)::double as denominator,
    100 * sum(numerator)::double / nullif(sum(denominator), 0)::double as percent,
    coalesce(bool_or(note = 'partial_quarter'), false) as is_partial,
    count(*) filter (where note = 'staff_carried') as staff_carried,
from usable
group by indicator, period
order by indicator, period
