/* +++
answers = "the ranking of a quarter (or of all), by the composite, all scores pooled, or one dimension; raw and, where computed, adjusted"
+++ */
with listed as (
    select region_id, department_id, n_raters, n_ballots, mean, scale_min, scale_max,
    from weighted_scores($dimensions, $weights)
    where quarter = $quarter and $dimension = 'composite'
    union all
    select region_id, department_id, n_raters, n_ballots, mean, scale_min, scale_max,
    from scores
    where quarter = $quarter and dimension = $dimension
)

select
    listed.region_id,
    $quarter as quarter,
    listed.department_id,
    coalesce(departments.name, listed.department_id) as name,
    departments.category,
    listed.n_raters,
    listed.n_ballots,
    if(
        $scale = 'source',
        listed.scale_min + listed.mean * (listed.scale_max - listed.scale_min) / 100,
        listed.mean
    ) as raw_mean,
    if(
        listed.mean is null,
        null,
        -- equal to nine digits is equal: what sums of fractions leave behind must not order departments
        rank() over (partition by listed.region_id order by round(listed.mean, 9) desc nulls last)
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
from listed
left join departments
    on listed.region_id = departments.region_id
    and listed.department_id = departments.department_id
where
    ($region is null or listed.region_id = $region)
    and ($category is null or departments.category = $category)
order by listed.region_id, raw_rank nulls last, listed.department_id
