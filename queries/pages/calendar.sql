/* +++
answers = "How often was each department supervised in each of the last quarters or months ($step of them 3 or 1), by some methods or all; null where it did not stand, and where nobody kept the register?"
needs = "departments"
+++ */
with shown as (
    select last_day,
    from quarters
    where region_id = $region and quarter = $quarter
),

-- the figures begin here: no calendar reaches back behind them
begun as (
    select min(first_day) as first_day,
    from quarters
    where region_id = $region
),

numbered as (
    select unnest(generate_series(0, $periods::int - 1)) as back,
),

periods as (
    select
        (date_trunc('month', shown.last_day) - to_months(($step::int * (numbered.back + 1) - 1)::int))::date as first_day,
        (
            date_trunc('month', shown.last_day) - to_months(($step::int * numbered.back - 1)::int) - interval 1 day
        )::date as last_day,
    from shown
    cross join numbered
),

-- a quarter without any activity in the region is a register not kept, not a quarter without supervision
kept as (
    select distinct date_trunc('quarter', date)::date as first_day,
    from supervision
    where region_id = $region
),

calendar as (
    select
        if($step::int = 3, year(periods.first_day) || 'Q' || quarter(periods.first_day), strftime(periods.first_day, '%Y-%m'))
            as period,
        year(periods.first_day) || 'Q' || quarter(periods.first_day) as quarter,
        periods.first_day,
        periods.last_day,
        kept.first_day is not null as is_kept,
    from periods
    cross join begun
    left join kept on date_trunc('quarter', periods.first_day)::date = kept.first_day
    where periods.first_day >= begun.first_day
),

listed as (
    select lineage.department_id, lineage.former_id, former.valid_from, former.valid_to,
    from lineage
    inner join departments as own
        on lineage.region_id = own.region_id and lineage.department_id = own.department_id
    inner join departments as former
        on lineage.region_id = former.region_id and lineage.former_id = former.department_id
    where
        lineage.region_id = $region
        and lineage.quarter = $quarter
        and ($category is null or own.category = $category)
),

stood as (
    select distinct calendar.period, listed.department_id,
    from calendar
    inner join listed
        on coalesce(listed.valid_from, date '0001-01-01') <= calendar.last_day
        and coalesce(listed.valid_to, date '9999-12-31') >= calendar.first_day
),

counted as (
    select calendar.period, listed.department_id, count(*) as activities,
    from calendar
    inner join supervision
        on supervision.region_id = $region and supervision.date between calendar.first_day and calendar.last_day
    inner join listed on supervision.department_id = listed.former_id
    -- as the rules count: only quarters in which the department, or the one it follows, stood
    inner join department_quarters as standing
        on standing.region_id = $region
        and listed.former_id = standing.department_id
        and calendar.quarter = standing.quarter
    where $methods::varchar[] is null or list_contains($methods::varchar[], supervision.method)
    group by calendar.period, listed.department_id
)

select
    rows.department_id,
    calendar.period,
    calendar.quarter,
    calendar.is_kept,
    stood.department_id is not null as is_standing,
    if(
        calendar.is_kept and (stood.department_id is not null or counted.activities is not null),
        coalesce(counted.activities, 0),
        null
    )::bigint as activities,
from calendar
cross join (select distinct department_id, from listed) as rows
left join stood on calendar.period = stood.period and rows.department_id = stood.department_id
left join counted on calendar.period = counted.period and rows.department_id = counted.department_id
order by calendar.period, rows.department_id
