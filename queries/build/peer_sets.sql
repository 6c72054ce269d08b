/* +++
answers = "Whom is each department compared with: its own kind where that has enough departments, else the whole region ('*')?"
+++ */
create table peer_sets as
with standing as (
    select q.region_id, q.quarter, q.department_id, coalesce(d.category, '') as category,
    from department_quarters as q
    inner join departments as d on d.region_id = q.region_id and d.department_id = q.department_id
    union all
    select region_id, 'all' as quarter, department_id, coalesce(category, '') as category,
    from departments
)

select
    region_id,
    quarter,
    department_id,
    category,
    if(category <> '' and count(*) over (partition by region_id, quarter, category) >= $fewest_peers, category, '*') as peer_set,
from standing
order by region_id, quarter, department_id
