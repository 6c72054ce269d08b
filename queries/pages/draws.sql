/* +++
answers = "What would each department's mean be with other raters, dimension by dimension: what a viewer's own weights are tried on"
needs = "departments"
peers = "unnamed"
+++ */
with by_group as (
    select coalesce(rater_group, '') as rater_group, count(*) as raters,
    from turnout
    where region_id = $region and quarter = $quarter
    group by all
),

-- as they were drawn: the groups of fewer than five together, with those of no group
groups as (
    select count(distinct if(raters >= 5, rater_group, '')) as n_groups,
    from by_group
)

select
    draws.department_id,
    draws.dimension,
    draws.raw_mean,
    draws.mean,
    draws.n,
    scores.n_raters,
    groups.n_groups,
    -- as they are kept: steps above the least; 255 where a draw lacks the department
    list_transform(
        draws.draws,
        lambda steps: if(steps = 255, 'nan'::float, (draws.drawn_from + steps * draws.drawn_step)::float)
    ) as draws,
from draws
cross join groups
left join scores
    on draws.region_id = scores.region_id
    and draws.quarter = scores.quarter
    and draws.department_id = scores.department_id
    and draws.dimension = scores.dimension
where draws.region_id = $region and draws.quarter = $quarter
order by draws.department_id, draws.dimension
