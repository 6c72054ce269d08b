/* +++
answers = "Each department's value and place in a quarter and in the one before, by the office's weights or by the viewer's own."
+++ */
with
official as (
    select j.department_id, j.period as quarter, j.value, j.numerator, j.denominator, j.n, j.low, j.high, j.note,
    from judgements as j
    where
        j.indicator = $indicator
        and j.variant = $variant
        and j.region_id = $region
        and j.period in ($quarter, $previous)
        and j.department_id <> '*'
        and j.scope = 'region'
        and len($dimensions::varchar[]) = 0
),

-- the composite again, by the viewer's own weights
weighted as (
    select
        department_id,
        quarter,
        mean as value,
        n_ballots as n,
        if(is_covered, null, 'coverage') as note,
    from weighted_scores($dimensions, $weights)
    where region_id = $region and quarter in ($quarter, $previous)
),

everything as (
    select *, from official
    union all by name
    select *, from weighted
),

-- each quarter ranks those who stood in it
listed as (
    select q.quarter, q.department_id,
    from department_quarters as q
    inner join departments as d on d.region_id = q.region_id and d.department_id = q.department_id
    where
        q.region_id = $region
        and q.quarter in ($quarter, $previous)
        and ($category is null or d.category = $category)
),

ranked as (
    select
        e.*,
        case
            when e.value is not null
                then rank() over (
                    partition by e.quarter
                    -- equal to nine digits is equal: what sums of fractions leave behind must not order departments
                    order by round(case when $ascending then e.value else -e.value end, 9) nulls last
                )
        end as place,
    from everything as e
    inner join listed as l on l.department_id = e.department_id and l.quarter = e.quarter
)

select
    l.department_id,
    now.value::double as value,
    now.numerator::double as numerator,
    now.denominator::double as denominator,
    now.n::double as n,
    now.low::double as low,
    now.high::double as high,
    now.note,
    now.place::double as place,
    coalesce(count(*) over (partition by now.place) > 1 and now.place is not null, false) as is_tied,
    before.value::double as previous_value,
    before.place::double as previous_place,
    before.note as previous_note,
from listed as l
left join ranked as now on now.department_id = l.department_id and now.quarter = l.quarter
left join ranked as before on before.department_id = l.department_id and before.quarter = $previous
where l.quarter = $quarter
order by place nulls last, l.department_id
