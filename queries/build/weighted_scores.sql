/* +++
answers = "the one definition of a composite: the weighted mean of the dimensions by given weights, null where too little is covered"
+++ */
create macro weighted_scores(dimensions, weights) as table
with given as (
    select
        unnest(dimensions::varchar[]) as dimension,
        unnest(weights::double[]) as weight,
),

valued as (
    select
        scores.region_id,
        scores.quarter,
        scores.department_id,
        scores.dimension,
        scores.mean,
        scores.scale_min,
        scores.scale_max,
        given.weight,
        -- a dimension that a handful scored says nothing of the department and much of the handful
        scores.n_ballots >= coverage.fewest_ballots as is_covered,
    from scores
    inner join given on scores.dimension = given.dimension
    cross join coverage
    where given.weight > 0
),

asked as (
    select region_id, quarter, count(distinct dimension) as n_dimensions,
    from valued
    group by region_id, quarter
),

averaged as (
    select
        region_id,
        quarter,
        department_id,
        count(*) filter (where is_covered) as n_dimensions,
        sum(weight * mean) filter (where is_covered) / sum(weight) filter (where is_covered) as mean,
        min(scale_min) as scale_min,
        max(scale_max) as scale_max,
    from valued
    group by region_id, quarter, department_id
)

select
    averaged.region_id,
    averaged.quarter,
    averaged.department_id,
    averaged.n_dimensions,
    pooled.n_scores,
    pooled.n_raters,
    pooled.n_ballots,
    averaged.n_dimensions >= coverage.fewest_dimensions * asked.n_dimensions as is_covered,
    if(is_covered, averaged.mean, null) as mean,
    averaged.scale_min,
    averaged.scale_max,
from averaged
cross join coverage
inner join asked on averaged.region_id = asked.region_id and averaged.quarter = asked.quarter
inner join scores as pooled
    on averaged.region_id = pooled.region_id
    and averaged.quarter = pooled.quarter
    and averaged.department_id = pooled.department_id
    and pooled.dimension = 'pooled'
