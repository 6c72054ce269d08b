/* +++
answers = "What supervision did each department ('*': the region) get in a trailing window, by every way in which it is told apart?"
+++ */
create table window_activities as
with dated as (
    select supervision.*, quarters.quarter as member,
    from supervision
    inner join quarters
        on supervision.region_id = quarters.region_id
        and supervision.date between quarters.first_day and quarters.last_day
        and supervision.date <= quarters.as_of -- what is planned has not taken place
),

-- a quarter without any activity in the region is a register not kept, not a quarter without supervision
kept as (
    select distinct region_id, member,
    from dated
),

covered as (
    select
        lineage.region_id,
        lineage.quarter,
        lineage.department_id,
        windows.length,
        windows.member,
        lineage.former_id,
    from lineage
    inner join windows on lineage.region_id = windows.region_id and lineage.quarter = windows.quarter
    inner join kept on windows.region_id = kept.region_id and windows.member = kept.member
    -- only quarters in which the department, or the one it follows, stood
    inner join department_quarters as standing
        on lineage.region_id = standing.region_id
        and lineage.former_id = standing.department_id
        and windows.member = standing.quarter
),

stood as (
    select region_id, quarter, department_id, length, count(distinct member) as kept_quarters,
    from covered
    group by region_id, quarter, department_id, length
    union all
    select windows.region_id, windows.quarter, '*' as department_id, windows.length, count(*) as kept_quarters,
    from windows
    inner join kept on windows.region_id = kept.region_id and windows.member = kept.member
    group by windows.region_id, windows.quarter, windows.length
),

belonging as (
    select covered.quarter, covered.department_id as answers_for, covered.length, dated.*,
    from covered
    inner join dated
        on covered.region_id = dated.region_id
        and covered.former_id = dated.department_id
        and covered.member = dated.member
    union all
    select windows.quarter, '*' as answers_for, windows.length, dated.*,
    from windows
    inner join dated on windows.region_id = dated.region_id and windows.member = dated.member
),

counted as (
    select
        region_id,
        quarter,
        answers_for as department_id,
        length,
        count(*) as activities,
        count(*) filter (where direction = 'bottom_up') as bottom_up,
        count(*) filter (where direction = 'top_down') as top_down,
        count(*) filter (where direction = 'external') as external,
        count(*) filter (where focus = 'leader_conduct') as leader_conduct,
        count(*) filter (where findings = 0) as without_findings,
        count(*) filter (where level = 'macro') as macro,
        count(*) filter (where object = 'organisation') as organisation,
        count(*) filter (where trigger = 'proactive') as proactive,
        count(*) filter (where stage = 'before') as before,
        count(*) filter (where stage = 'during') as during,
        count(*) filter (where method = 'audit') as audits,
        count(*) filter (where method in ('reminder_talk', 'warning_talk', 'admonition_talk')) as talks,
        count(*) filter (where method = 'inspection') as inspections,
        count(distinct (form, scope)) filter (where method = 'inspection') as inspection_forms,
        list(distinct form order by form) filter (where method = 'inspection') as inspected_forms,
        list(distinct scope order by scope) filter (where method = 'inspection') as inspected_scopes,
        coalesce(sum(findings), 0) as findings,
        count(power_stage) as with_power_stage,
        count(sphere) as with_sphere,
        list(distinct power_stage order by power_stage) filter (where power_stage is not null) as power_stages,
        list(distinct sphere order by sphere) filter (where sphere is not null) as spheres,
        list(distinct domain order by domain) filter (where domain is not null) as domains,
        max(date) as last_date,
    from belonging
    group by region_id, quarter, answers_for, length
)

select
    stood.region_id,
    stood.quarter,
    stood.department_id,
    stood.length,
    stood.kept_quarters,
    coalesce(counted.activities, 0) as activities,
    coalesce(counted.bottom_up, 0) as bottom_up,
    coalesce(counted.top_down, 0) as top_down,
    coalesce(counted.external, 0) as external,
    coalesce(counted.leader_conduct, 0) as leader_conduct,
    coalesce(counted.without_findings, 0) as without_findings,
    coalesce(counted.macro, 0) as macro,
    coalesce(counted.organisation, 0) as organisation,
    coalesce(counted.proactive, 0) as proactive,
    coalesce(counted.before, 0) as before,
    coalesce(counted.during, 0) as during,
    coalesce(counted.audits, 0) as audits,
    coalesce(counted.talks, 0) as talks,
    coalesce(counted.inspections, 0) as inspections,
    coalesce(counted.inspection_forms, 0) as inspection_forms,
    coalesce(counted.inspected_forms, []) as inspected_forms,
    coalesce(counted.inspected_scopes, []) as inspected_scopes,
    coalesce(counted.findings, 0)::bigint as findings,
    coalesce(counted.with_power_stage, 0) as with_power_stage,
    coalesce(counted.with_sphere, 0) as with_sphere,
    coalesce(counted.power_stages, []) as power_stages,
    coalesce(counted.spheres, []) as spheres,
    coalesce(counted.domains, []) as domains,
    counted.last_date,
from stood
left join counted
    on stood.region_id = counted.region_id
    and stood.quarter = counted.quarter
    and stood.department_id = counted.department_id
    and stood.length = counted.length
order by stood.region_id, stood.quarter, stood.department_id, stood.length
