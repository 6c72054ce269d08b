/* +++
answers = "how many ballots each department lacks in each dimension of the quarter, if everyone who rated had rated all"
needs = "data"
+++ */
with room as (
    select max(n_raters) as raters,
    from appraisals
    where region_id = $region and quarter = $quarter
),

standing as (
    select q.department_id,
    from department_quarters as q
    inner join departments as d on q.region_id = d.region_id and q.department_id = d.department_id
    where
        q.region_id = $region
        and q.quarter = $quarter
        and ($category is null or d.category = $category)
        and ($department is null or q.department_id = $department)
),

rated as (
    select standing.department_id, named.dimension,
    from standing
    cross join (
        select distinct dimension,
        from scores
        where region_id = $region and quarter = $quarter and dimension <> 'pooled'
    ) as named
    where standing.department_id in (select department_id from scores where region_id = $region and quarter = $quarter)
)

select
    'evaluations' as "table",
    rated.department_id,
    'dimension:' || rated.dimension as detail,
    (room.raters - coalesce(least(scores.n_scores, scores.n_raters), 0))::bigint as n,
    room.raters::bigint as total,
from rated
cross join room
left join scores
    on scores.region_id = $region
    and scores.quarter = $quarter
    and rated.department_id = scores.department_id
    and rated.dimension = scores.dimension
where room.raters > coalesce(least(scores.n_scores, scores.n_raters), 0)
order by n desc, rated.department_id, rated.dimension
