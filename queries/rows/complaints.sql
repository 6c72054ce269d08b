/* +++
answers = "the complaints of a department, and of those that it follows, in the quarters of a window, by category: finer counts would show who complained"
needs = "small_counts"
+++ */
select
    complaints.quarter,
    complaints.department_id,
    complaints.category,
    sum(complaints.received)::bigint as received,
    sum(complaints.closed)::bigint as closed,
    sum(complaints.substantiated)::bigint as substantiated,
    sum(complaints.handled_on_time)::bigint as handled_on_time,
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
group by complaints.quarter, complaints.department_id, complaints.category
order by complaints.quarter, complaints.department_id, complaints.category
