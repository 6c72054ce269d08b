/* +++
answers = "Which of the tables that an indicator needs has a region, and of which quarters (of the yearly ones: years)?"
needs = "words"
+++ */
with dated as (
    select region_id, 'evaluations' as needed, quarter, from scores
    where quarter <> 'all' and dimension <> 'pooled'
    union all
    select region_id, 'department_facts', quarter, from department_facts
    union all
    select region_id, 'complaints', quarter, from complaints
    union all
    select region_id, 'cases', quarter, from cases
    union all
    select region_id, 'assessments', year::varchar, from assessments
    union all
    select region_id, 'supervision', year(date) || 'Q' || quarter(date), from supervision
    union all
    select region_id, 'notices', year(issued_on) || 'Q' || quarter(issued_on), from notices
    union all
    select region_id, 'powers', null, from powers
    union all
    select region_id, 'decisions', quarter, from decisions
    union all
    select region_id, 'tasks', year(issued_on) || 'Q' || quarter(issued_on), from tasks
),

there as (
    select needed, count(*) as n_rows, min(quarter) as first_quarter, max(quarter) as last_quarter,
    from dated
    where region_id = $region
    group by needed
)

select
    asked.needed,
    coalesce(there.n_rows, 0) as n_rows,
    there.first_quarter,
    there.last_quarter,
from (select unnest($tables::varchar[]) as needed) as asked
left join there on there.needed = asked.needed
order by asked.needed
