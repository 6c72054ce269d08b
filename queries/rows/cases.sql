/* +++
answers = "the case figures of a department, and of those that it follows, in the quarters of a window, by source: finer counts would show whom they concern"
needs = "small_counts"
+++ */
select
    cases.quarter,
    cases.department_id,
    cases.source,
    sum(cases.leads)::bigint as leads,
    sum(cases.leads_dismissed)::bigint as leads_dismissed,
    sum(cases.leads_inquired)::bigint as leads_inquired,
    sum(cases.leads_in_verification)::bigint as leads_in_verification,
    sum(cases.leads_pending)::bigint as leads_pending,
    sum(cases.filed)::bigint as filed,
    sum(cases.open_overdue)::bigint as open_overdue,
    sum(cases.closed)::bigint as closed,
    sum(cases.exempted)::bigint as exempted,
    sum(cases.withdrawn)::bigint as withdrawn,
    sum(cases.cases_sanctioned)::bigint as cases_sanctioned,
    sum(cases.people_sanctioned)::bigint as people_sanctioned,
    sum(cases.party_sanctions)::bigint as party_sanctions,
    sum(cases.administrative_sanctions)::bigint as administrative_sanctions,
    sum(cases.first_form)::bigint as first_form,
    sum(cases.second_form)::bigint as second_form,
    sum(cases.third_form)::bigint as third_form,
    sum(cases.fourth_form)::bigint as fourth_form,
    sum(cases.transferred)::bigint as transferred,
    sum(cases.leaders_accountable)::bigint as leaders_accountable,
    sum(cases.revisit_due)::bigint as revisit_due,
    sum(cases.revisited)::bigint as revisited,
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
group by cases.quarter, cases.department_id, cases.source
order by cases.quarter, cases.department_id, cases.source
