/* +++
answers = "the facts about a department, and about those that it follows, in a window, and the last known before it"
needs = "rows"
+++ */
with covered as (
    select region_id, quarter, min(member) as first_quarter,
    from windows
    where length = $window
    group by region_id, quarter
),

-- a quarter without a row takes the last known one
last_known as (
    select
        lineage.region_id,
        lineage.quarter,
        lineage.department_id,
        lineage.former_id,
        max(department_facts.quarter) as facts_quarter,
    from lineage
    inner join department_facts
        on lineage.region_id = department_facts.region_id
        and lineage.former_id = department_facts.department_id
        and lineage.quarter >= department_facts.quarter
    where lineage.region_id = $region and lineage.quarter = $quarter and lineage.department_id = $department
    group by lineage.region_id, lineage.quarter, lineage.department_id, lineage.former_id
)

select
    department_facts.quarter,
    department_facts.department_id,
    department_facts.staff,
    department_facts.transactions,
    department_facts.budget_10k,
    department_facts.key_supervision,
from last_known
inner join covered on last_known.region_id = covered.region_id and last_known.quarter = covered.quarter
inner join department_facts
    on last_known.region_id = department_facts.region_id
    and last_known.former_id = department_facts.department_id
    and department_facts.quarter between least(covered.first_quarter, last_known.facts_quarter) and last_known.quarter
order by department_facts.quarter, department_facts.department_id
