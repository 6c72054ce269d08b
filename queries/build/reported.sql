/* +++
answers = "which departments reported which table for which quarter: those with any row, and those whose submission came in"
+++ */
create table reported as
with occurring as (
    select distinct region_id, quarter, 'complaints' as reported_table, department_id, from complaints
    union all
    select distinct region_id, quarter, 'cases' as reported_table, department_id, from cases
    union all
    select distinct region_id, quarter, 'decisions' as reported_table, department_id, from decisions
)

select region_id, quarter, reported_table, department_id,
from occurring
union
select region_id, quarter, "table" as reported_table, department_id,
from submissions
where received_on is not null
order by region_id, quarter, reported_table, department_id
