/* +++
answers = "the ranking of a quarter (or of all), by the composite, all scores pooled, or one dimension; raw and, where computed, adjusted"
+++ */
with wanted as (
    select
        unnest($dimensions::varchar[]) as dimension,
        unnest($weights::double[]) as weight,
),

asked as (
    select scores.region_id, count(distinct scores.dimension) as n_dimensions,
    from scores
    inner join wanted on scores.dimension = wanted.dimension
    where scores.quarter = $quarter and wanted.weight > 0
    group by scores.region_id
),

weighted as (
    select
        scores.region_id,
        scores.department_id,
        count(*) as n_dimensions,
        sum(wanted.weight * scores.mean) / sum(wanted.weight) as mean,
        min(scores.scale_min) as scale_min,
        max(scores.scale_max) as scale_max,
    from scores
    inner join wanted on scores.dimension = wanted.dimension
    where scores.quarter = $quarter and wanted.weight > 0
    group by scores.region_id, scores.department_id
),

composite as (
    select
        weighted.region_id,
        weighted.department_id,
        pooled.n_raters,
        pooled.n_ballots,
        if(
            weighted.n_dimensions >= $fewest_dimensions * asked.n_dimensions and pooled.n_ballots >= $fewest_ballots,
            weighted.mean,
            null
        ) as mean,
        weighted.scale_min,
        weighted.scale_max,
    from weighted
    inner join asked on weighted.region_id = asked.region_id
    inner join scores as pooled
        on weighted.region_id = pooled.region_id
        and weighted.department_id = pooled.department_id
        and pooled.quarter = $quarter
        and pooled.dimension = 'pooled'
    where $dimension = 'composite'
    union all
    select region_id, department_id, n_raters, n_ballots, mean, scale_min, scale_max,
    from scores
    where quarter = $quarter and dimension = $dimension
)

select
    composite.region_id,
    $quarter as quarter,
    composite.department_id,
    coalesce(departments.name, composite.department_id) as name,
    departments.category,
    composite.n_raters,
    composite.n_ballots,
    if($scale = 'source', composite.scale_min + composite.mean * (composite.scale_max - composite.scale_min) / 100, composite.mean) as raw_mean,
    if(
        composite.mean is null,
        null,
        rank() over (partition by composite.region_id order by composite.mean desc nulls last)
    ) as raw_rank,
    null::double as adjusted_mean,
    null::double as low,
    null::double as high,
    null::bigint as rank,
    null::bigint as rank_low,
    null::bigint as rank_high,
    null::bigint as set_low,
    null::bigint as set_high,
    null::varchar as band,
from composite
left join departments
    on composite.region_id = departments.region_id
    and composite.department_id = departments.department_id
where
    ($region is null or composite.region_id = $region)
    and ($category is null or departments.category = $category)
order by composite.region_id, raw_rank nulls last, composite.department_id
