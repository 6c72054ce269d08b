/* +++
answers = "how many of the departments rated in the quarter each rater left out; a group of fewer than five is not named, and nothing tells how anybody voted"
needs = "data"
+++ */
with rated as (
    select count(distinct department_id) as departments,
    from scores
    where region_id = $region and quarter = $quarter and dimension <> 'pooled'
),

cast_in_quarter as (
    select
        turnout.rater_id,
        turnout.n_departments,
        if(count(*) over (partition by turnout.rater_group) >= 5, turnout.rater_group, null) as rater_group,
    from turnout
    where turnout.region_id = $region and turnout.quarter = $quarter and $department is null
)

select
    'evaluations' as "table",
    null::varchar as department_id,
    cast_in_quarter.rater_id || coalesce(' · rater_group:' || cast_in_quarter.rater_group, '') as detail,
    (rated.departments - cast_in_quarter.n_departments)::bigint as n,
    rated.departments::bigint as total,
from cast_in_quarter
cross join rated
where rated.departments > cast_in_quarter.n_departments
order by n desc, cast_in_quarter.rater_id
