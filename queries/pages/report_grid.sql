/* +++
answers = "which department reported which table for which quarter, of the tables that the region keeps by department"
needs = "data"
+++ */
with kept as (
    select reported_table as "table", min(quarter) as since,
    from reported_tables
    where region_id = $region
    group by reported_table
)

select
    kept."table",
    q.department_id,
    q.quarter,
    reported_tables.department_id is not null as is_reported,
from kept
inner join department_quarters as q on q.region_id = $region and q.quarter >= kept.since
inner join departments as d on q.region_id = d.region_id and q.department_id = d.department_id
left join reported_tables
    on reported_tables.region_id = $region
    and reported_tables.reported_table = kept."table"
    and reported_tables.quarter = q.quarter
    and reported_tables.department_id = q.department_id
where
    ($category is null or d.category = $category)
    and ($department is null or q.department_id = $department)
order by kept."table", q.department_id, q.quarter
