/* +++
answers = "Which year's assessment does each department have by a quarter: its own, or that of the one department that it follows? An assessment is known from the quarter of its first date (one dimension scored anew later hides no year), where none is given from the last quarter of its year, and kept for two years more."
+++ */
create table known_assessments as
with assessed as (
    -- a quarter that does not depend on what else was imported: what was known in a quarter stays as it was
    select
        region_id,
        department_id,
        assessments.year,
        coalesce(min(year(assessed_on) || 'Q' || quarter(assessed_on)), assessments.year || 'Q4') as known_from,
    from assessments
    where kind = 'comprehensive' and score is not null
    group by region_id, department_id, assessments.year
),

known as (
    select lineage.region_id, lineage.quarter, lineage.department_id, assessed.year, lineage.former_id,
    from lineage
    inner join assessed on lineage.region_id = assessed.region_id and lineage.former_id = assessed.department_id
    where
        assessed.known_from <= lineage.quarter
        and assessed.year >= lineage.quarter[1:4]::int - 2
)

select region_id, quarter, department_id, year, former_id,
from known
-- which of several departments that were merged would be meant, nobody can say
qualify
    former_id = department_id
    or count(*) over (partition by region_id, quarter, department_id, year) = 1
order by region_id, quarter, department_id, year
