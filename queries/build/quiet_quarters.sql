/* +++
answers = "For how many quarters in a row, up to the one shown and eight at most, was there no supervision activity, or no audit, of a department, though the register was kept?"
+++ */
create table quiet_quarters as
with members as (
    select
        lineage.region_id,
        lineage.quarter,
        lineage.department_id,
        windows.member,
        -- null where the register was not kept, or the department did not stand
        sum(single.activities) as activities,
        sum(single.audits) as audits,
    from lineage
    inner join windows
        on lineage.region_id = windows.region_id
        and lineage.quarter = windows.quarter
        and windows.length = 8
    left join window_activities as single
        on lineage.region_id = single.region_id
        and lineage.former_id = single.department_id
        and windows.member = single.quarter
        and single.length = 1
    group by lineage.region_id, lineage.quarter, lineage.department_id, windows.member
),

told as (
    select region_id, quarter, department_id, member, 'activity' as kind, activities as times,
    from members
    union all
    select region_id, quarter, department_id, member, 'audit' as kind, audits as times,
    from members
),

broken as (
    select
        *,
        max(if(times > 0, member, null)) over of_department as last_quarter,
        max(if(times is null, member, null)) over of_department as last_unknown,
    from told
    window of_department as (partition by region_id, quarter, department_id, kind)
)

select
    region_id,
    quarter,
    department_id,
    kind,
    count(*) filter (where member > coalesce(greatest(last_quarter, last_unknown), '')) as quiet,
    max(last_quarter) as last_quarter,
    -- quarters since then, known or not; null where there was none
    if(max(last_quarter) is null, null, count(*) filter (where member > last_quarter)) as since_last,
from broken
group by region_id, quarter, department_id, kind
order by region_id, quarter, department_id, kind
