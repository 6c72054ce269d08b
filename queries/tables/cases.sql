/* +++
answers = "one row = one quarter, department, lead source, domain, stage of discovery and rank band"
+++ */
create table cases as
select
    region_id,
    quarter,
    department_id,
    source,
    domain,
    found_at,
    rank_band,
    leads,
    leads_dismissed,
    leads_inquired,
    leads_in_verification,
    leads_pending,
    filed,
    open_overdue,
    closed,
    exempted,
    withdrawn,
    cases_sanctioned,
    people_sanctioned,
    party_sanctions,
    administrative_sanctions,
    first_form,
    second_form,
    third_form,
    fourth_form,
    transferred,
    leaders_accountable,
    revisit_due,
    revisited,
    basis,
from read_parquet($files, union_by_name = true)
order by region_id, quarter, department_id, source, domain, found_at, rank_band
