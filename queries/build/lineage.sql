/* +++
answers = "who answers for whose records in a quarter: each for its own, and a successor for those of the departments that were closed and passed on to it, from the quarter on in which they were closed"
+++ */
create table lineage as
with recursive passed_on as (
    select region_id, department_id, department_id as former_id, date '0001-01-01' as since,
    from departments
    union
    select
        passed_on.region_id,
        passed_on.department_id,
        former.department_id as former_id,
        greatest(passed_on.since, former.valid_to) as since,
    from passed_on
    inner join departments as former
        on passed_on.region_id = former.region_id
        and passed_on.former_id = former.successor
        and former.department_id <> former.successor
    -- until it is closed, a department answers for itself
    where former.valid_to is not null
)

select standing.region_id, standing.quarter, standing.department_id, passed_on.former_id,
from department_quarters as standing
inner join departments
    on standing.region_id = departments.region_id
    and standing.department_id = departments.department_id
inner join passed_on
    on standing.region_id = passed_on.region_id
    and standing.department_id = passed_on.department_id
    and standing.last_day > passed_on.since
-- every record counts once: in the quarter of a handover for who is there at its end and can be asked about it
qualify
    row_number() over (
        partition by standing.region_id, standing.quarter, passed_on.former_id
        order by coalesce(departments.valid_to, date '9999-12-31') desc, passed_on.since desc, standing.department_id
    ) = 1
order by standing.region_id, standing.quarter, standing.department_id, passed_on.former_id
