/* +++
order = 100
title = { zh = "报送登记与实际的行", en = "What was registered as received and what is there" }
tables = ["submissions", "complaints", "cases", "decisions"]

[why]
zh = "报送登记说没有收到，而报表里有这个部门这一季的行：登记漏填，或行是别人代填的，列为留意。"
en = "The register says that a table did not come in, and yet it has rows of the department: the register was not kept, or somebody else filled them in. Worth a look."

[items.rows]
zh = "没有收到的报表没有行"
en = "a table that did not come in has no rows"
+++ */
with found as (
    select 'complaints' as "table", region_id, quarter, department_id, count(*) as n, from complaints group by all
    union all
    select 'cases', region_id, quarter, department_id, count(*), from cases group by all
    union all
    select 'decisions', region_id, quarter, department_id, count(*), from decisions group by all
),

registered as (
    select region_id, quarter, "table",
    from submissions
    group by region_id, quarter, "table"
    having count(received_on) > 0
)

select
    found.region_id,
    found.department_id,
    found.quarter,
    found."table",
    'rows' as item,
    null::varchar as detail,
    '<=' as relation,
    found.n::double as stated,
    case when submissions.received_on is null then 0 else found.n end::double as computed,
    0.0 as tolerance,
    'look' as severity,
from found
inner join registered using (region_id, quarter, "table")
left join submissions using (region_id, quarter, "table", department_id)
where found.department_id <> '*'
order by found.region_id, found.department_id, found.quarter, found."table"
