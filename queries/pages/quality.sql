/* +++
answers = "what else stands in the way of the quarter's figures: ballots not cast, staff not known, dates to come, cumulative figures"
needs = "data"
+++ */
with of_kind as (
    select department_id,
    from departments
    where region_id = $region and category = $category
),

standing as (
    select q.department_id, q.staff, q.facts_quarter, q.quarter, d.name, d.category,
    from department_quarters as q
    inner join departments as d on q.region_id = d.region_id and q.department_id = d.department_id
    where
        q.region_id = $region
        and q.quarter = $quarter
        and ($category is null or d.category = $category)
        and ($department is null or q.department_id = $department)
),

ballots as (
    select scores.department_id, scores.dimension, scores.n_scores, scores.n_raters,
    from scores
    where
        scores.region_id = $region
        and scores.quarter = $quarter
        and scores.dimension <> 'pooled'
        and scores.department_id in (select department_id from standing)
),

-- those who rated anybody in the quarter might have rated everybody
room as (
    select max(n_raters) as raters,
    from appraisals
    where region_id = $region and quarter = $quarter
),

cells as (
    select
        count(distinct department_id) * count(distinct dimension) * any_value(room.raters) as total,
        sum(least(n_scores, n_raters)) as cast_cells,
    from ballots
    cross join room
),

fewest as (
    select string_agg(department_id, ',' order by n_cast, department_id) as departments,
    from (
        select department_id, sum(least(n_scores, n_raters)) as n_cast,
        from ballots
        group by department_id
        order by n_cast, department_id
        limit 5
    )
),

dated as (
    select 'supervision' as "table", region_id, department_id, activity_id as id, date as day, from supervision
    union all
    select 'notices', region_id, department_id, notice_id, rectified_on, from notices
    union all
    select 'notices', region_id, department_id, notice_id, issued_on, from notices
    union all
    select 'tasks', region_id, department_id, task_id, closed_on, from tasks
    union all
    select 'tasks', region_id, department_id, task_id, issued_on, from tasks
    union all
    select 'submissions', region_id, department_id, "table" || ' ' || quarter, received_on, from submissions
),

to_come as (
    select dated.id, dated.day > quarters.as_of as is_later,
    from dated
    inner join quarters on dated.region_id = quarters.region_id and quarters.quarter = $quarter
    where
        dated.region_id = $region
        and dated.day is not null
        and ($category is null or dated.department_id in (select department_id from of_kind))
        and ($department is null or dated.department_id = $department)
),

cumulative as (
    select basis,
    from complaints
    where
        region_id = $region
        and quarter = $quarter
        and ($category is null or department_id in (select department_id from of_kind))
        and ($department is null or department_id = $department)
    union all
    select basis,
    from cases
    where
        region_id = $region
        and quarter = $quarter
        and ($category is null or department_id in (select department_id from of_kind))
        and ($department is null or department_id = $department)
),

voters as (
    select turnout.rater_id, turnout.n_departments, rated.departments,
    from turnout
    cross join (
        select count(distinct department_id) as departments,
        from scores
        where region_id = $region and quarter = $quarter and dimension <> 'pooled'
    ) as rated
    where turnout.region_id = $region and turnout.quarter = $quarter and $department is null
),

registered as (
    select s."table", s.department_id, s.received_on > quarters.last_day + interval 1 month as is_late,
    from submissions as s
    inner join quarters on s.region_id = quarters.region_id and s.quarter = quarters.quarter
    where
        s.region_id = $region
        and s.quarter = $quarter
        and s.received_on is not null
        and ($category is null or s.department_id in (select department_id from of_kind))
        and ($department is null or s.department_id = $department)
),

found as (
    select 1 as place, 'ballots' as item, (total - cast_cells)::bigint as n, total::bigint as total, fewest.departments as examples,
    from cells
    cross join fewest
    union all
    select 2, 'no_staff', count(*) filter (staff is null), count(*), string_agg(department_id, ',' order by department_id) filter (staff is null),
    from standing
    union all
    select
        3, 'staff_carried', count(*) filter (facts_quarter < quarter), count(*),
        string_agg(department_id, ',' order by department_id) filter (facts_quarter < quarter),
    from standing
    union all
    select 4, 'no_category', count(*) filter (coalesce(category, '') = ''), count(*), string_agg(department_id, ',' order by department_id) filter (coalesce(category, '') = ''),
    from standing
    union all
    select 5, 'to_come', count(*) filter (is_later), count(*), string_agg(id, ',' order by id) filter (is_later), from to_come
    union all
    select 6, 'cumulative', count(*) filter (basis = 'ytd'), count(*), null, from cumulative
    union all
    select 7, 'raters', count(*) filter (n_departments < departments), count(*), null, from voters
    union all
    select
        8, 'late', count(*) filter (is_late), count(*),
        string_agg(distinct department_id, ',' order by department_id) filter (is_late),
    from registered
)

select item, n, total, examples,
from found
where total > 0
order by place
