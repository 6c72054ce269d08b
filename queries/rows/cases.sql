/* +++
answers = "the case figures of a department, and of those that it follows, in the quarters of a window"
+++ */
select
    cases.quarter,
    cases.department_id,
    cases.source,
    cases.domain,
    cases.found_at,
    cases.rank_band,
    cases.leads,
    cases.leads_dismissed,
    cases.leads_inquired,
    cases.leads_in_verification,
    cases.leads_pending,
    cases.filed,
    cases.open_overdue,
    cases.closed,
    cases.exempted,
    cases.withdrawn,
    cases.cases_sanctioned,
    cases.people_sanctioned,
    cases.party_sanctions,
    cases.administrative_sanctions,
    cases.first_form,
    cases.second_form,
    cases.third_form,
    cases.fourth_form,
    cases.transferred,
    cases.leaders_accountable,
    cases.revisit_due,
    cases.revisited,
from lineage
inner join windows
    on lineage.region_id = windows.region_id
    and lineage.quarter = windows.quarter
    and windows.length = $window
inner join cases
    on lineage.region_id = cases.region_id
    and lineage.former_id = cases.department_id
    and windows.member = cases.quarter
    -- no rule counts a year-to-date figure
    and cases.basis <> 'ytd'
where lineage.region_id = $region and lineage.quarter = $quarter and lineage.department_id = $department
order by cases.quarter, cases.department_id, cases.source, cases.domain, cases.found_at, cases.rank_band
