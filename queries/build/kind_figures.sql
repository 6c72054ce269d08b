/* +++
answers = "What does each department have of the indicators by which it is compared with its kind in other regions, over the year (a state: at the end) of the two newest quarters of its region? One row a department and quarter, so that those of a kind are soon found: of 2,800 counties with 64 departments 360,000 rows, some 10 MB"
+++ */
create table kind_figures as
with newest as (
    select region_id, quarter, as_of >= last_day as is_over
    from quarters
    qualify row_number() over (partition by region_id order by quarter desc) <= 2
)

select
    judgements.region_id,
    judgements.department_id,
    judgements.period as quarter,
    list(
        {
            'indicator': judgements.indicator,
            'numerator': judgements.numerator,
            'denominator': judgements.denominator
        }
        order by judgements.indicator
    ) as figures,
from judgements
inner join newest on judgements.region_id = newest.region_id and judgements.period = newest.quarter
where
    judgements.scope = 'region'
    and list_contains($compared::varchar[], judgements.indicator)
    and judgements.window_quarters = if(list_contains($stocks::varchar[], judgements.indicator), 1, 4)
    and judgements.department_id <> '*'
    and judgements.numerator is not null
    and judgements.denominator > 0
    and judgements.note is distinct from 'partial_quarter'
    -- what is due is compared as of the end of the quarter
    and (not list_contains($dues::varchar[], judgements.indicator) or newest.is_over)
group by judgements.region_id, judgements.department_id, judgements.period
order by judgements.region_id, judgements.department_id, judgements.period
