/* +++
answers = "How is the supervision of a window of quarters, of the region or of one department, made up: by stage, by direction, and inspections by form, scope and arrangement?"
needs = "departments"
+++ */
with belonging as (
    select supervision.*,
    from windows
    inner join supervision
        on windows.region_id = supervision.region_id
        and supervision.date between windows.member_first_day and windows.member_last_day
    where
        windows.region_id = $region
        and windows.quarter = $quarter
        and windows.length = $window
        and (
            $department is null
            -- what the department answers for, in quarters in which it or the one it follows stood
            or exists (
                select 1,
                from lineage
                inner join department_quarters as standing
                    on lineage.region_id = standing.region_id and lineage.former_id = standing.department_id
                where
                    lineage.region_id = windows.region_id
                    and lineage.quarter = windows.quarter
                    and lineage.department_id = $department
                    and lineage.former_id = supervision.department_id
                    and standing.quarter = windows.member
            )
        )
)

select 'stage' as part, stage as code, null as scope, null as arrangement, count(*) as activities,
from belonging
group by stage
union all
select 'direction' as part, direction as code, null as scope, null as arrangement, count(*) as activities,
from belonging
group by direction
union all
select 'inspection' as part, form as code, scope, arrangement, count(*) as activities,
from belonging
where method = 'inspection'
group by form, scope, arrangement
order by part, code, scope, arrangement
