/* +++
answers = "What does each region as a whole have of everything that can be added up: numerators and denominators of counts, shares and rates, how many departments stand behind them, and how many flags there are"
+++ */
create table region_figures as
with added as (
    select
        region_id,
        period as quarter,
        -- what stands at the end of a quarter is the same whichever quarters are looked at
        unnest(if(list_contains($stocks::varchar[], indicator), [1, 4], [window_quarters])) as window_quarters,
        indicator,
        department_id = '*' as is_stated,
        department_id,
        numerator,
        if(unit = 'count', null, denominator) as denominator,
        note is not distinct from 'partial_quarter' as is_partial,
        note is not distinct from 'short_window' as is_short,
    from judgements
    where
        scope = 'region'
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
    window_quarters,
    indicator,
    is_stated,
    sum(numerator) as numerator,
    sum(denominator) as denominator,
    count(*) filter (where department_id <> '*') as departments,
    bool_or(is_partial) as is_partial,
    -- a department may be new; of a region all of them lack the quarters that nobody reported
    bool_and(is_short) as is_short,
from added
group by region_id, quarter, window_quarters, indicator, is_stated
union all
select region_id, quarter, unnest([1, 4]), indicator, false, numerator, null, departments, false, false,
from counted
-- where no rule could judge anybody, nobody looked: that is not zero
where judged > 0
union all
select region_id, quarter, unnest([1, 4]), 'departments', false, count(*), null, count(*), false, false,
from department_quarters
group by region_id, quarter
order by region_id, quarter, window_quarters, indicator, is_stated
