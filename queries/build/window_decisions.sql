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
)

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
order by region_id, shown, answers_for, length
