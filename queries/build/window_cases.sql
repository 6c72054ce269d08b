/* +++
answers = "What became of the leads and cases of each department ('*': the region) in a trailing window, over the quarters that were reported?"
+++ */
create table window_cases as
with belonging as (
    select lineage.quarter as shown, lineage.department_id as answers_for, windows.length, cases.*,
    from lineage
    inner join windows on lineage.region_id = windows.region_id and lineage.quarter = windows.quarter
    inner join cases
        on lineage.region_id = cases.region_id
        and lineage.former_id = cases.department_id
        and windows.member = cases.quarter
    union all
    select windows.quarter as shown, '*' as answers_for, windows.length, cases.*,
    from windows
    inner join cases on windows.region_id = cases.region_id and windows.member = cases.quarter
    where cases.department_id <> '*'
),

counted as (
    select
        region_id,
        shown as quarter,
        answers_for as department_id,
        length,
        sum(leads) as leads,
        sum(filed) as filed,
        sum(closed) as closed,
        sum(cases_sanctioned) as cases_sanctioned,
        sum(people_sanctioned) as people_sanctioned,
        sum(leaders_accountable) as leaders_accountable,
        -- rows that leave open who was sanctioned or held to account
        count(*) filter (where cases_sanctioned is null or leaders_accountable is null) as untold,
        -- a row that keeps only one of the two says nothing of the share
        sum(revisited) filter (where coalesce(revisit_due, closed) is not null) as revisited,
        sum(coalesce(revisit_due, closed)) filter (where revisited is not null) as revisit_due,
    from belonging
    where basis <> 'ytd'
    group by region_id, shown, answers_for, length
),

cumulative as (
    select distinct region_id, department_id, quarter,
    from cases
    where basis = 'ytd'
),

-- who reported and had no lead and no case has zeros, not nothing
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
        and reported.reported_table = 'cases'
    -- a year-to-date figure alone says nothing of the quarter
    anti join cumulative
        on reported.region_id = cumulative.region_id
        and reported.department_id = cumulative.department_id
        and reported.quarter = cumulative.quarter
    group by lineage.region_id, lineage.quarter, lineage.department_id, windows.length
    union all
    select windows.region_id, windows.quarter, '*', windows.length, count(distinct windows.member),
    from windows
    inner join reported
        on windows.region_id = reported.region_id
        and windows.member = reported.quarter
        and reported.reported_table = 'cases'
    group by windows.region_id, windows.quarter, windows.length
)

select
    reporting.region_id,
    reporting.quarter,
    reporting.department_id,
    reporting.length,
    reporting.reported_quarters,
    if(counted.region_id is null, 0, counted.leads)::bigint as leads,
    if(counted.region_id is null, 0, counted.filed)::bigint as filed,
    if(counted.region_id is null, 0, counted.closed)::bigint as closed,
    if(counted.region_id is null, 0, counted.cases_sanctioned)::bigint as cases_sanctioned,
    if(counted.region_id is null, 0, counted.people_sanctioned)::bigint as people_sanctioned,
    if(counted.region_id is null, 0, counted.leaders_accountable)::bigint as leaders_accountable,
    coalesce(counted.untold, 0) as untold,
    if(counted.region_id is null, 0, counted.revisited)::bigint as revisited,
    if(counted.region_id is null, 0, counted.revisit_due)::bigint as revisit_due,
from reporting
left join counted
    on reporting.region_id = counted.region_id
    and reporting.quarter = counted.quarter
    and reporting.department_id = counted.department_id
    and reporting.length = counted.length
order by reporting.region_id, reporting.quarter, reporting.department_id, reporting.length
