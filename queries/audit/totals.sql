/* +++
order = 20
title = { zh = "报表的合计行与分项行", en = "Rows that are totals and the rows below them" }
tables = ["complaints", "cases", "decisions", "department_facts"]

[why]
zh = "报表里的合计行只用来核对，不加进任何数字。合计与现存分项之和不等，往往是漏报、重报，或更正时只改了一处。累计数的合计不核对。"
en = "Rows that are totals are held against their parts and never added. Where they differ, a row is missing or doubled, or a correction reached only one of them. Totals of cumulative figures are not compared."
+++ */
with parts as (
    select
        'complaints' as "table", region_id, quarter, month, department_id, channel, category, null as source, null as domain,
        null as found_at, null as rank_band, null as kind, "column", amount,
    from (unpivot complaints on received, closed, substantiated, handled_on_time, dissatisfied, rated, consultations into name "column" value amount)
    where basis <> 'ytd'
    union all by name
    select
        'cases' as "table", region_id, quarter, department_id, source, domain, found_at, rank_band, "column", amount,
    from (
        unpivot cases on
            leads, leads_dismissed, leads_inquired, leads_in_verification, leads_pending, filed, open_overdue, closed, exempted,
            withdrawn, cases_sanctioned, people_sanctioned, party_sanctions, administrative_sanctions, first_form, second_form,
            third_form, fourth_form, transferred, leaders_accountable, revisit_due, revisited
        into name "column" value amount
    )
    where basis <> 'ytd'
    union all by name
    select 'decisions' as "table", region_id, quarter, department_id, kind, "column", amount,
    from (
        unpivot decisions on
            total, collective, voted, single_signature, attended, asked_in_writing, open_tender, risk_assessed, published
        into name "column" value amount
    )
    union all by name
    select 'department_facts' as "table", region_id, quarter, department_id, "column", amount,
    from (unpivot department_facts on staff, transactions into name "column" value amount)
),

numbered as (
    select *, row_number() over () as n,
    from stated_totals
)

select
    totals.region_id,
    coalesce(any_value(totals.department_id), '*') as department_id,
    any_value(totals.quarter) as quarter,
    any_value(totals."table") as "table",
    any_value(totals."column") as item,
    concat_ws(
        ' · ',
        any_value(totals.month),
        'channel:' || any_value(totals.channel),
        'complaint_category:' || any_value(totals.category),
        'source:' || any_value(totals.source),
        'domain:' || any_value(totals.domain),
        'found_at:' || any_value(totals.found_at),
        'rank_band:' || nullif(any_value(totals.rank_band), 'all'),
        'decision_kind:' || any_value(totals.kind)
    ) as detail,
    '=' as relation,
    any_value(totals.stated) as stated,
    sum(parts.amount)::double as computed,
    0.0 as tolerance,
    'disagrees' as severity,
from numbered as totals
inner join parts
    on totals."table" = parts."table"
    and totals."column" = parts."column"
    and totals.region_id = parts.region_id
    and totals.quarter = parts.quarter
    -- what a total does not name, it is a total of; the region's own rows are no part of a total of departments
    and case when totals.department_id is null then parts.department_id <> '*' else totals.department_id = parts.department_id end
    and (totals.month is null or totals.month = parts.month)
    and (totals.channel is null or totals.channel = parts.channel)
    and (totals.category is null or totals.category = parts.category)
    and (totals.source is null or totals.source = parts.source)
    and (totals.domain is null or totals.domain = parts.domain)
    and (totals.found_at is null or totals.found_at = parts.found_at)
    and (totals.rank_band is null or totals.rank_band = parts.rank_band)
    and (totals.kind is null or totals.kind = parts.kind)
group by totals.n, totals.region_id
order by totals.n
