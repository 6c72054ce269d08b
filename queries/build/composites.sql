/* +++
answers = "the composite score of each department and quarter by the office's weights, null where too little is covered"
+++ */
create table composites as
with wanted as (
    select
        scores.region_id,
        scores.quarter,
        scores.dimension,
        any_value(weights.weight) as weight,
    from scores
    inner join weights on scores.dimension = weights.dimension
    where weights.weight > 0
    group by scores.region_id, scores.quarter, scores.dimension
),

asked as (
    select region_id, quarter, count(*) as n_dimensions,
    from wanted
    group by region_id, quarter
),

weighted as (
    select
        scores.region_id,
        scores.quarter,
        scores.department_id,
        count(*) as n_dimensions,
        sum(wanted.weight * scores.mean) / sum(wanted.weight) as mean,
        min(scores.scale_min) as scale_min,
        max(scores.scale_max) as scale_max,
    from scores
    inner join wanted
        on scores.region_id = wanted.region_id
        and scores.quarter = wanted.quarter
        and scores.dimension = wanted.dimension
    group by scores.region_id, scores.quarter, scores.department_id
)

select
    weighted.region_id,
    weighted.quarter,
    weighted.department_id,
    weighted.n_dimensions,
    pooled.n_scores,
    pooled.n_raters,
    pooled.n_ballots,
    weighted.n_dimensions >= $fewest_dimensions * asked.n_dimensions
    and pooled.n_ballots >= $fewest_ballots as is_covered,
    if(is_covered, weighted.mean, null) as mean,
    weighted.scale_min,
    weighted.scale_max,
from weighted
inner join asked on weighted.region_id = asked.region_id and weighted.quarter = asked.quarter
inner join scores as pooled
    on weighted.region_id = pooled.region_id
    and weighted.quarter = pooled.quarter
    and weighted.department_id = pooled.department_id
    and pooled.dimension = 'pooled'
order by weighted.region_id, weighted.quarter, weighted.department_id
