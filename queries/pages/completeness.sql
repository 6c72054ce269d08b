/* +++
answers = "how many of the departments that stood in each quarter reported each table that the region keeps by department"
needs = "data"
+++ */
with kept as (
    -- a register by the day has no rows for good reason; who sent it in, only the submissions tell
    select reported_table as "table", min(quarter) as since,
    from reported_tables
    where region_id = $region
    group by reported_table
),

standing as (
    select q.quarter, q.department_id,
    from department_quarters as q
    inner join departments as d on q.region_id = d.region_id and q.department_id = d.department_id
    where
        q.region_id = $region
        and ($category is null or d.category = $category)
        and ($department is null or q.department_id = $department)
)

select
    kept."table",
    standing.quarter,
    count(*) as standing,
    count(reported_tables.department_id) as reported,
from kept
inner join standing on standing.quarter >= kept.since
left join reported_tables
    on reported_tables.region_id = $region
    and reported_tables.reported_table = kept."table"
    and reported_tables.quarter = standing.quarter
    and reported_tables.department_id = standing.department_id
group by kept."table", standing.quarter
order by kept."table", standing.quarter
