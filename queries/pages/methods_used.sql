/* +++
answers = "How often was each method of supervision used in the region in each of the last quarters; null where nobody kept the register?"
needs = "region"
+++ */
with shown as (
    select last_day,
    from quarters
    where region_id = $region and quarter = $quarter
),

begun as (
    select min(first_day) as first_day,
    from quarters
    where region_id = $region
),

calendar as (
    select
        (date_trunc('quarter', shown.last_day) - to_months(3 * numbered.back::int))::date as first_day,
    from shown
    cross join (select unnest(generate_series(0, $periods::int - 1)) as back) as numbered
),

dated as (
    select coalesce(method, 'not_stated') as method, date_trunc('quarter', date)::date as first_day,
    from supervision
    where region_id = $region
),

kept as (
    select distinct first_day,
    from dated
),

counted as (
    select method, first_day, count(*) as activities,
    from dated
    group by method, first_day
),

-- those that the vocabulary names, and any other that was registered
methods as (
    select code as method, zh, en, sort,
    from vocabulary
    where vocabulary = 'method'
    union all
    select distinct method, method as zh, method as en, 1000000 as sort,
    from dated
    where method not in (select code, from vocabulary where vocabulary = 'method')
)

select
    methods.method,
    methods.zh,
    methods.en,
    year(calendar.first_day) || 'Q' || quarter(calendar.first_day) as period,
    if(kept.first_day is null, null, coalesce(counted.activities, 0))::bigint as activities,
from calendar
cross join begun
cross join methods
left join kept on calendar.first_day = kept.first_day
left join counted on calendar.first_day = counted.first_day and methods.method = counted.method
where calendar.first_day >= begun.first_day
order by methods.sort, methods.method, calendar.first_day
