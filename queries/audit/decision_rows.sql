/* +++
order = 50
title = { zh = "三重一大一行之内", en = "Within a row of decisions" }
tables = ["decisions"]

[why]
zh = "集体研究、票决、列席、公开等都是事项总数的一部分，不应多于总数。"
en = "Decisions taken collectively, voted on, attended or published are some of all decisions, and at most all of them."

[items.collective]
zh = "集体研究 ≤ 总数"
en = "collective ≤ total"

[items.voted]
zh = "票决 ≤ 总数"
en = "voted ≤ total"

[items.single_signature]
zh = "一支笔 ≤ 总数"
en = "single signature ≤ total"

[items.attended]
zh = "派员列席 ≤ 总数"
en = "attended ≤ total"

[items.asked_in_writing]
zh = "书面征求意见 ≤ 总数"
en = "asked in writing ≤ total"

[items.open_tender]
zh = "公开招标 ≤ 总数"
en = "open tender ≤ total"

[items.risk_assessed]
zh = "风险评估 ≤ 总数"
en = "risk assessed ≤ total"

[items.published]
zh = "公开 ≤ 总数"
en = "published ≤ total"
+++ */
select
    region_id,
    department_id,
    quarter,
    'decisions' as "table",
    item,
    'decision_kind:' || kind as detail,
    '<=' as relation,
    stated::double as stated,
    total::double as computed,
    0.0 as tolerance,
    'disagrees' as severity,
from (
    unpivot decisions on collective, voted, single_signature, attended, asked_in_writing, open_tender, risk_assessed, published
    into name item value stated
)
where total is not null
order by region_id, department_id, quarter, item, kind
