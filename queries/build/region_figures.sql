/* +++
answers = "What does each region as a whole have in each quarter of everything that can be added up: numerators and denominators of counts, shares, rates and states, how many departments stand behind them, and how many flags there are"
+++ */
create table region_figures as
with added as (
    select
        region_id,
        period as quarter,
        indicator,
        if(list_contains($stocks::varchar[], indicator), 'state', unit) as kind,
        list_contains($dues::varchar[], indicator) as is_due,
        department_id = '*' as is_stated,
        department_id,
        numerator,
        if(unit = 'count', null, denominator) as denominator,
        note is not distinct from 'partial_quarter' as is_partial,
    from judgements
    where
        scope = 'region'
        and window_quarters = 1
        and unit <> 'mean'
        and period <> 'all'
        and numerator is not null
        and (unit = 'count' or denominator is not null)
),

flags as (
    select
        region_id,
        quarter,
        count(distinct department_id) as departments,
        count(*) filter (where status <> 'no_data') as judged,
        count(*) filter (where status = 'alert') as gaps_alert,
        count(*) filter (where status = 'watch') as gaps_watch,
    from gaps
    where department_id <> '*'
    group by region_id, quarter
),

counted as (
    unpivot flags
    on gaps_alert, gaps_watch
    into name indicator value numerator
)

select
    region_id,
    quarter,
    indicator,
    kind,
    is_due,
    is_stated,
    sum(numerator) as numerator,
    sum(denominator) as denominator,
    count(*) filter (where department_id <> '*') as departments,
    bool_or(is_partial) as is_partial,
from added
group by region_id, quarter, indicator, kind, is_due, is_stated
union all
select region_id, quarter, indicator, 'state', false, false, numerator, null, departments, false,
from counted
-- where no rule could judge anybody, nobody looked: that is not zero
where judged > 0
union all
select region_id, quarter, 'departments', 'state', false, false, count(*), null, count(*), false,
from department_quarters
group by region_id, quarter
order by region_id, quarter, indicator, is_stated
