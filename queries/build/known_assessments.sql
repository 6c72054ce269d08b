/* +++
answers = "Which year's assessment does each department have by a quarter: its own, or that of the one department that it follows? A year is known in its last quarter with figures, and kept for two years more."
+++ */
create table known_assessments as
with assessed as (
    select distinct region_id, department_id, year,
    from assessments
    where kind = 'comprehensive' and score is not null
),

dated as (
    select region_id, quarter[1:4]::int as year, max(quarter) as known_from,
    from quarters
    group by region_id, quarter[1:4]::int
),

known as (
    select lineage.region_id, lineage.quarter, lineage.department_id, assessed.year, lineage.former_id,
    from lineage
    inner join assessed on lineage.region_id = assessed.region_id and lineage.former_id = assessed.department_id
    left join dated on assessed.region_id = dated.region_id and assessed.year = dated.year
    where
        coalesce(dated.known_from, assessed.year || 'Q4') <= lineage.quarter
        and assessed.year >= lineage.quarter[1:4]::int - 2
)

select region_id, quarter, department_id, year, former_id,
from known
-- which of several departments that were merged would be meant, nobody can say
qualify
    former_id = department_id
    or count(*) over (partition by region_id, quarter, department_id, year) = 1
order by region_id, quarter, department_id, year
