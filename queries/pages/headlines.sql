/* +++
answers = "A few indicators for the region or a peer group as a whole, quarter by quarter."
+++ */
with
rows_of_interest as (
    select j.*,
    from judgements as j
    where
        j.region_id = $region
        and j.indicator in (select unnest($indicators::varchar[]))
        and j.variant in ('', 'composite')
        and j.scope = 'region'
        and j.value is not null
        and ($category is null or j.department_id in (select unnest($departments::varchar[])))
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
    -- what one unit of numerator over denominator is worth: 100 for percent, 1000 for a rate per thousand
    median(value * denominator / nullif(numerator, 0))::double as per,
from usable
group by indicator, period
order by indicator, period
