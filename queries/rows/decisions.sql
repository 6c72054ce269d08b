/* +++
answers = "the decisions of a department, and of those that it follows, in the quarters of a window"
needs = "rows"
+++ */
select
    decisions.quarter,
    decisions.department_id,
    decisions.kind,
    decisions.total,
    decisions.collective,
    decisions.voted,
    decisions.single_signature,
    decisions.attended,
    decisions.asked_in_writing,
    decisions.open_tender,
    decisions.risk_assessed,
    decisions.published,
from lineage
inner join windows
    on lineage.region_id = windows.region_id
    and lineage.quarter = windows.quarter
    and windows.length = $window
inner join decisions
    on lineage.region_id = decisions.region_id
    and lineage.former_id = decisions.department_id
    and windows.member = decisions.quarter
where lineage.region_id = $region and lineage.quarter = $quarter and lineage.department_id = $department
order by decisions.quarter, decisions.department_id, decisions.kind
