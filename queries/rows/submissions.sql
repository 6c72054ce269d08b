/* +++
answers = "what a department, and those that it follows, handed in for the quarters of a window"
needs = "rows"
+++ */
select
    submissions.quarter,
    submissions."table",
    submissions.department_id,
    submissions.received_on,
from lineage
inner join windows
    on lineage.region_id = windows.region_id
    and lineage.quarter = windows.quarter
    and windows.length = $window
inner join submissions
    on lineage.region_id = submissions.region_id
    and lineage.former_id = submissions.department_id
    and windows.member = submissions.quarter
where lineage.region_id = $region and lineage.quarter = $quarter and lineage.department_id = $department
order by submissions.quarter, submissions."table", submissions.department_id
