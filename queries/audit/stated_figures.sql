/* +++
order = 10
title = { zh = "公布的数与分项", en = "Published figures and their parts" }
tables = ["stated_figures"]

[why]
zh = "通报、年报里的合计、占比、增幅应当能由同一处列出的分项算出；算不出的，发出之前改，已发出的说明口径。"
en = "A total, share or growth in a bulletin should follow from the parts printed beside it; where it does not, correct it before it goes out, or say what was counted."

[items.sum]
zh = "合计 = 各分项之和"
en = "total = sum of the parts"

[items.share]
zh = "占比 = 部分 ÷ 全部 × 100"
en = "share = part ÷ whole × 100"

[items.growth]
zh = "增幅 = （本期 ÷ 基期 − 1）× 100"
en = "growth = (now ÷ before − 1) × 100"

[items.diff]
zh = "差 = 前数 − 后数"
en = "difference = first − second"

[items.count]
zh = "个数 = 列出的项数"
en = "number = items listed"
+++ */
select
    region_id,
    '*' as department_id,
    null::varchar as quarter,
    'stated_figures' as "table",
    "check" as item,
    figure_id as detail,
    '=' as relation,
    stated,
    computed,
    tolerance,
    'disagrees' as severity,
from stated_checks
order by region_id, figure_id
