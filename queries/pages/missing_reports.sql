/* +++
answers = "which department did not report which table for the quarter, and since when it has not"
needs = "data"
+++ */
with kept as (
    select reported_table as "table", min(quarter) as since,
    from reported_tables
    where region_id = $region
    group by reported_table
),

last_report as (
    select reported_table as "table", department_id, max(quarter) as quarter,
    from reported_tables
    where region_id = $region and quarter <= $quarter
    group by reported_table, department_id
)

select
    kept."table",
    d.department_id,
    d.name,
    d.name_en,
    d.short_name,
    last_report.quarter as last_quarter,
from kept
inner join department_quarters as q on q.region_id = $region and q.quarter = $quarter and q.quarter >= kept.since
inner join departments as d on q.region_id = d.region_id and q.department_id = d.department_id
left join last_report on kept."table" = last_report."table" and d.department_id = last_report.department_id
where
    ($category is null or d.category = $category)
    and ($department is null or d.department_id = $department)
    and last_report.quarter is distinct from $quarter
order by kept."table", d.department_id
