/* +++
answers = "How were the major matters of each department ('*': the region) decided in a trailing window, over the quarters that were reported?"
+++ */
create table window_decisions as
with belonging as (
    select lineage.quarter as shown, lineage.department_id as answers_for, windows.length, decisions.*,
    from lineage
    inner join windows on lineage.region_id = windows.region_id and lineage.quarter = windows.quarter
    inner join decisions
        on lineage.region_id = decisions.region_id
        and lineage.former_id = decisions.department_id
        and windows.member = decisions.quarter
    union all
    select windows.quarter as shown, '*' as answers_for, windows.length, decisions.*,
    from windows
    inner join decisions on windows.region_id = decisions.region_id and windows.member = decisions.quarter
    where decisions.department_id <> '*'
),

-- who reported and had no such matter to decide did report
reporting as (
    select
        lineage.region_id,
        lineage.quarter,
        lineage.department_id,
        windows.length,
        count(distinct windows.member) as reported_quarters,
    from lineage
    inner join windows on lineage.region_id = windows.region_id and lineage.quarter = windows.quarter
    inner join reported
        on lineage.region_id = reported.region_id
        and lineage.former_id = reported.department_id
        and windows.member = reported.quarter
        and reported.reported_table = 'decisions'
    group by lineage.region_id, lineage.quarter, lineage.department_id, windows.length
),

counted as (
    select
        region_id,
        shown as quarter,
        answers_for as department_id,
        length,
        count(distinct quarter) as reported_quarters,
        sum(total)::bigint as total,
        sum(collective)::bigint as collective,
        sum(voted)::bigint as voted,
        sum(single_signature)::bigint as single_signature,
        sum(attended)::bigint as attended,
        sum(risk_assessed)::bigint as risk_assessed,
        sum(published)::bigint as published,
    from belonging
    group by region_id, shown, answers_for, length
)

select
    counted.region_id,
    counted.quarter,
    counted.department_id,
    counted.length,
    coalesce(reporting.reported_quarters, counted.reported_quarters) as reported_quarters,
    counted.total,
    counted.collective,
    counted.voted,
    counted.single_signature,
    counted.attended,
    counted.risk_assessed,
    counted.published,
from counted
left join reporting using (region_id, quarter, department_id, length)
order by counted.region_id, counted.quarter, counted.department_id, counted.length
