/* +++
answers = "the complaints of a department, and of those that it follows, in the quarters of a window"
+++ */
select
    complaints.quarter,
    complaints.month,
    complaints.department_id,
    complaints.channel,
    complaints.category,
    complaints.received,
    complaints.closed,
    complaints.substantiated,
    complaints.handled_on_time,
    complaints.dissatisfied,
    complaints.rated,
    complaints.consultations,
from lineage
inner join windows
    on lineage.region_id = windows.region_id
    and lineage.quarter = windows.quarter
    and windows.length = $window
inner join complaints
    on lineage.region_id = complaints.region_id
    and lineage.former_id = complaints.department_id
    and windows.member = complaints.quarter
    -- no rule counts a year-to-date figure
    and complaints.basis <> 'ytd'
where lineage.region_id = $region and lineage.quarter = $quarter and lineage.department_id = $department
order by complaints.quarter, complaints.month, complaints.department_id, complaints.channel, complaints.category
