/* +++
answers = "what a snapshot holds: rows by table and the quarters they cover"
+++ */
with counted as (
    select 'departments' as loaded_table, count(*) as n_rows, null as first_quarter, null as last_quarter, from departments
    union all
    select 'evaluations', coalesce(sum(n_scores), 0), min(quarter), max(quarter), from scores
    where quarter <> 'all' and dimension <> 'pooled'
    union all
    select 'complaints', count(*), min(quarter), max(quarter), from complaints
    union all
    select 'cases', count(*), min(quarter), max(quarter), from cases
    union all
    select 'decisions', count(*), min(quarter), max(quarter), from decisions
    union all
    select 'supervision', count(*), min(year(date) || 'Q' || quarter(date)), max(year(date) || 'Q' || quarter(date)), from supervision
)

select loaded_table as "table", n_rows::bigint as "rows", first_quarter, last_quarter,
from counted
where n_rows > 0
order by loaded_table
