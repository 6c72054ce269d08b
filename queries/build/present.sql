/* +++
answers = "of which tables does each region have any row at all"
+++ */
create table present as
select distinct region_id, 'evaluations' as "table", from scores
union
select distinct region_id, 'complaints', from complaints
union
select distinct region_id, 'cases', from cases
union
select distinct region_id, 'assessments', from assessments
union
select distinct region_id, 'supervision', from supervision
union
select distinct region_id, 'notices', from notices
union
select distinct region_id, 'powers', from powers
union
select distinct region_id, 'decisions', from decisions
union
select distinct region_id, 'tasks', from tasks
union
select distinct region_id, 'submissions', from submissions
union
select distinct region_id, 'department_facts', from department_facts
union
select distinct region_id, 'departments', from departments
union
select distinct region_id, 'stated_figures', from stated_figures
order by region_id, "table"
