/* +++
answers = "which departments stood in which quarter, with the last known staff figures and since when they are known"
+++ */
create table department_quarters as
with standing as (
    select
        quarters.region_id,
        quarters.quarter,
        quarters.last_day,
        departments.department_id,
    from quarters
    inner join departments on quarters.region_id = departments.region_id
    where
        coalesce(departments.valid_from, date '0001-01-01') <= quarters.last_day
        and coalesce(departments.valid_to, date '9999-12-31') >= quarters.first_day
)

select
    standing.region_id,
    standing.quarter,
    standing.last_day,
    standing.department_id,
    facts.quarter as facts_quarter,
    facts.staff,
    facts.transactions,
    facts.budget_10k,
    facts.key_supervision,
from standing
asof left join department_facts as facts
    on standing.region_id = facts.region_id
    and standing.department_id = facts.department_id
    and standing.quarter >= facts.quarter
order by standing.region_id, standing.quarter, standing.department_id
