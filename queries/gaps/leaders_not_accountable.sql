/* +++
title = { zh = "领导责任未追究", en = "Leaders not held to account" }
label = { zh = "领导未追责", en = "No leader held" }
group = "accountability"
order = 16
kind = "composite"
source = "D1 §3.1.2, D6 §1.1"
tables = ["cases"]
unit = { zh = "件", en = "cases" }
decimals = 0
window = 8
why = { zh = "出了过错，既要追究当事人，也要追究管他的人。案件一件接一件地处分到个人，两年里却没有一位领导承担责任，说明追究停在了下面。", en = "A fault is answered for by the person and by who leads that person. Where case after case ends in a sanction and in two years no leader has answered for any, accountability stops below." }
formula = { zh = "近八季给予处分的案件达到件数线，而同期没有追究任何领导责任。", en = "Cases of eight quarters that ended in a sanction reach the line, and no leader was held to account in them." }
example = { zh = "八季处分案件 7 件，追究领导 0 人：预警；处分 4 件：关注；处分 7 件、追究领导 1 人：不触发。", en = "7 cases sanctioned in eight quarters and no leader held to account: alert; 4: watch; 7 and one leader: not met." }
exclusions = { zh = "没有登记领导责任追究人数的行不算；八季都没有登记的部门不判断。只有年初以来累计数的不算。", en = "Rows that do not record how many leaders were held to account; a department with no other rows is not judged. Year-to-date figures." }
assumptions = { zh = "处分与追究领导责任可能不在同一季，八季合在一起看；该不该追究由个案决定，这里只看有没有过。", en = "Sanction and accountability may fall into different quarters, so eight are taken together. Whether a leader should answer depends on the case; the rule only asks whether any ever did." }
remedy = { zh = "逐案核查有无领导责任：该追究的追究并登记，不追究的写明理由。", en = "Look at each case for the part of those who lead: hold to account and register it, or write down why not." }

[thresholds.watch]
value = 3
least = 1
zh = "处分案件达到此值而无领导被追责：关注"
en = "cases sanctioned and no leader held to account: watch"

[thresholds.alert]
value = 6
least = 1
zh = "处分案件达到此值而无领导被追责：预警"
en = "cases sanctioned and no leader held to account: alert"

[notes]
leaders_unknown = { zh = "没有登记领导责任追究", en = "it is not recorded whether leaders were held to account" }

[evidence]
n = { zh = "处分案件（件）", en = "sanctioned cases" }
people_sanctioned = { zh = "处分人数（人）", en = "people sanctioned" }
leaders_accountable = { zh = "问责领导（人）", en = "leaders held to account" }
reported_quarters = { zh = "有报送的季度（个）", en = "quarters reported" }

[sentence]
zh = "{name}：{period}处分案件 {value} 件（{people_sanctioned} 人），没有一位领导被追究责任（{line}线 {threshold} 件）。"
en = "{name}: cases sanctioned {period}: {value}, people: {people_sanctioned}; leaders held to account: none ({line} line {threshold} cases)."
+++ */
with told as (
    select
        lineage.region_id,
        lineage.quarter,
        lineage.department_id,
        count(*) filter (
            where cases.cases_sanctioned is null or (cases.leaders_accountable is null and cases.cases_sanctioned > 0)
        ) as n_silent,
        -- a sanction in a row that is silent about leaders does not say that there was none
        sum(cases.cases_sanctioned) filter (where cases.leaders_accountable is not null) as cases_sanctioned,
        sum(cases.people_sanctioned) filter (where cases.leaders_accountable is not null) as people_sanctioned,
        sum(cases.leaders_accountable) as leaders_accountable,
    from lineage
    inner join windows on lineage.region_id = windows.region_id and lineage.quarter = windows.quarter
    inner join cases
        on lineage.region_id = cases.region_id
        and lineage.former_id = cases.department_id
        and windows.member = cases.quarter
    where windows.length = 8 and cases.basis <> 'ytd'
    group by lineage.region_id, lineage.quarter, lineage.department_id
),

known as (
    select
        reported.region_id,
        reported.department_id,
        reported.quarter,
        reported.reported_quarters,
        coalesce(told.n_silent, 0) > 0 as is_silent,
        reported.reported_quarters < max(reported.reported_quarters) over (
            partition by reported.region_id, reported.quarter
        ) as is_partial,
        coalesce(told.cases_sanctioned, 0)::bigint as cases_sanctioned,
        coalesce(told.people_sanctioned, 0)::bigint as people_sanctioned,
        coalesce(told.leaders_accountable, 0)::bigint as leaders_accountable,
    from window_cases as reported
    left join told using (region_id, quarter, department_id)
    where reported.length = 8 and reported.department_id <> '*'
),

judged as (
    select
        *,
        case
            when leaders_accountable > 0 then 'ok'
            -- “none” can be said of quarters that were reported, and of rows that tell
            when is_silent or is_partial then null
            when cases_sanctioned < $watch then 'ok'
            else if(cases_sanctioned >= $alert, 'alert', 'watch')
        end as level,
    from known
)

select
    region_id,
    department_id,
    quarter,
    if(level is null, null, cases_sanctioned)::double as value,
    if(level = 'alert', $alert, $watch)::double as threshold,
    cases_sanctioned as n,
    level,
    case when level is not null then null when is_silent then 'leaders_unknown' else 'not_reported' end as note,
    reported_quarters as covered_quarters,
    people_sanctioned,
    leaders_accountable,
    reported_quarters,
from judged
order by region_id, department_id, quarter
