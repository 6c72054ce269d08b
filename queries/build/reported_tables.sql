/* +++
answers = "who reported which table by the quarter, also of the tables where no figure asks for it: appraisal, facts, and whatever was registered as received"
+++ */
create table reported_tables as
select region_id, quarter, reported_table, department_id,
from reported
where department_id <> '*'
union
select region_id, quarter, 'evaluations', department_id,
from scores
where quarter <> 'all'
union
select region_id, quarter, 'department_facts', department_id,
from department_facts
where department_id <> '*'
order by region_id, quarter, reported_table, department_id
