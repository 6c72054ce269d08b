/* +++
answers = "which quarters does the office have figures of, from the first to the last without a break: a quarter in which nothing was reported is one, too"
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
),

-- Registers by the day reach into a quarter that is not over; they count only where no table by the quarter is kept.
registered as (
    select region_id, date as day, from supervision
    union all
    select region_id, issued_on, from notices
    union all
    select region_id, issued_on, from tasks
    union all
    select region_id, make_date(year, 12, 31), from assessments
),

known as (
    select region_id, quarter, from dated
    union
    select region_id, year(day) || 'Q' || quarter(day), from registered
    where region_id not in (select region_id, from dated)
),

spans as (
    select
        region_id,
        min(quarter[1:4]::int * 4 + quarter[6:6]::int) as first_ordinal,
        max(quarter[1:4]::int * 4 + quarter[6:6]::int) as last_ordinal,
    from known
    group by region_id
),

ordinals as (
    select region_id, unnest(generate_series(first_ordinal, last_ordinal)) as ordinal,
    from spans
),

filled as (
    select region_id, ((ordinal - 1) // 4) || 'Q' || ((ordinal - 1) % 4 + 1) as quarter,
    from ordinals
)

select
    region_id,
    quarter,
    make_date(quarter[1:4]::int, 3 * quarter[6:6]::int - 2, 1) as first_day,
    (make_date(quarter[1:4]::int, 3 * quarter[6:6]::int - 2, 1) + interval 3 month - interval 1 day)::date as last_day,
    $today::date as as_of, -- what is due after it is not late yet
from filled
order by region_id, quarter
