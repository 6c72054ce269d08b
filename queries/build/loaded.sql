/* +++
answers = "how many rows of each imported table a region has, by quarter where they have one"
+++ */
create table loaded as
with dated as (
    select region_id, 'departments' as "table", 1 as n_rows, null as quarter, from departments
    union all
    select region_id, 'department_facts', 1, quarter, from department_facts
    union all
    select region_id, 'evaluations', n_scores, quarter, from scores
    where quarter <> 'all' and dimension <> 'pooled'
    union all
    select region_id, 'complaints', 1, quarter, from complaints
    union all
    select region_id, 'cases', 1, quarter, from cases
    union all
    select region_id, 'assessments', 1, year || 'Q4', from assessments
    union all
    select region_id, 'supervision', 1, year(date) || 'Q' || quarter(date), from supervision
    union all
    select region_id, 'notices', 1, year(issued_on) || 'Q' || quarter(issued_on), from notices
    union all
    select region_id, 'powers', 1, null, from powers
    union all
    select region_id, 'decisions', 1, quarter, from decisions
    union all
    select region_id, 'tasks', 1, year(issued_on) || 'Q' || quarter(issued_on), from tasks
    union all
    select region_id, 'submissions', 1, quarter, from submissions
    union all
    select region_id, 'stated_figures', 1, null, from stated_figures
)

select region_id, "table", quarter, sum(n_rows)::bigint as n_rows,
from dated
group by region_id, "table", quarter
order by region_id, "table", quarter
