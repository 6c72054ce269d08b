/* +++
answers = "what a snapshot holds: rows by table and the quarters they cover"
needs = "data"
+++ */
with dated as (
    select 'regions' as loaded_table, 1 as n_rows, null as quarter, from regions
    union all
    select 'departments', 1, null, from departments
    union all
    select 'department_facts', 1, quarter, from department_facts
    union all
    select 'evaluations', n_scores, quarter, from scores
    where quarter <> 'all' and dimension <> 'pooled'
    union all
    select 'complaints', 1, quarter, from complaints
    union all
    select 'cases', 1, quarter, from cases
    union all
    select 'assessments', 1, year || 'Q4', from assessments
    union all
    select 'supervision', 1, year(date) || 'Q' || quarter(date), from supervision
    union all
    select 'notices', 1, year(issued_on) || 'Q' || quarter(issued_on), from notices
    union all
    select 'powers', 1, null, from powers
    union all
    select 'decisions', 1, quarter, from decisions
    union all
    select 'tasks', 1, year(issued_on) || 'Q' || quarter(issued_on), from tasks
    union all
    select 'submissions', 1, quarter, from submissions
    union all
    select 'stated_figures', 1, null, from stated_figures
)

select
    loaded_table as "table",
    sum(n_rows)::bigint as "rows",
    min(quarter) as first_quarter,
    max(quarter) as last_quarter,
from dated
group by loaded_table
order by loaded_table
