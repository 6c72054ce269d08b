/* +++
answers = "Each department's value and place in a quarter and in the one before, by the office's weights or by the viewer's own."
+++ */
with
own_weights as (
    select
        unnest($dimensions::varchar[]) as dimension,
        unnest($weights::double[]) as weight,
),

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

-- the composite again, by the viewer's weights and by the same rule of coverage as build/composites
wanted as (
    select s.quarter, s.dimension, any_value(o.weight) as weight,
    from scores as s
    inner join own_weights as o on o.dimension = s.dimension
    where s.region_id = $region and s.quarter in ($quarter, $previous) and o.weight > 0
    group by s.quarter, s.dimension
),

asked as (
    select quarter, count(*) as n_dimensions,
    from wanted
    group by quarter
),

averaged as (
    select
        s.department_id,
        s.quarter,
        count(*) as n_dimensions,
        sum(w.weight * s.mean) / sum(w.weight) as mean,
    from scores as s
    inner join wanted as w on w.quarter = s.quarter and w.dimension = s.dimension
    where s.region_id = $region
    group by s.department_id, s.quarter
),

weighted as (
    select
        a.department_id,
        a.quarter,
        a.n_dimensions >= $fewest_dimensions * asked.n_dimensions and p.n_ballots >= $fewest_ballots as is_covered,
        if(is_covered, a.mean, null) as value,
        p.n_ballots as n,
        if(is_covered, null, 'coverage') as note,
    from averaged as a
    inner join asked on asked.quarter = a.quarter
    inner join scores as p
        on p.region_id = $region
        and p.quarter = a.quarter
        and p.department_id = a.department_id
        and p.dimension = 'pooled'
),

everything as (
    select *, from official
    union all by name
    select * exclude (is_covered), from weighted
),

listed as (
    select unnest($departments::varchar[]) as department_id,
),

ranked as (
    select
        e.*,
        case
            when e.value is not null
                then rank() over (
                    partition by e.quarter
                    order by case when $ascending then e.value else -e.value end nulls last
                )
        end as place,
    from everything as e
    inner join listed as l on l.department_id = e.department_id
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
    before.value::double as previous_value,
    before.place::double as previous_place,
from listed as l
left join ranked as now on now.department_id = l.department_id and now.quarter = $quarter
left join ranked as before on before.department_id = l.department_id and before.quarter = $previous
order by place nulls last, l.department_id
