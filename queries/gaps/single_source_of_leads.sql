/* +++
title = { zh = "线索来源单一", en = "Single source of leads" }
label = { zh = "线索单一", en = "One lead source" }
group = "accountability"
order = 25
kind = "share"
source = "D3 §2, D3 §4"
tables = ["cases"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
why = { zh = "群众举报、监督检查、巡察、审计、司法、舆论各看到一面。线索几乎都来自一处，说明别的眼睛没有睁开，或者别的渠道不通。", en = "The public, inspections, audits, courts and the media each see another side. Leads that come almost all from one place mean that other eyes are shut or other channels blocked." }
formula = { zh = "近四季来自最大一个来源的线索 ÷ 全部线索。", en = "Leads of four quarters from the largest source, divided by all leads." }
example = { zh = "80 件线索全部来自信访举报：100%，95% 区间 95.4–100%，全在 95% 以上：预警。24 件全部来自一处：80% 区间从 94% 起，高于 80%，而 95% 区间从 86% 起：关注。", en = "All of 80 leads come from petitions: 100 %, 95 % interval 95.4–100 %, all of it above 95 %: alert. All of 24 from one source: the 80 % interval begins at 94 %, above 80 %, the 95 % interval at 86 %: watch." }
exclusions = { zh = "线索少于 10 件不判断；来源没有分开或没有注明的线索，只有不影响结论时才判断。", en = "No judgement on fewer than 10 leads. Leads whose source is not told apart or not stated: a judgement is given only where it would be the same wherever they came from." }
assumptions = { zh = "来源由登记的人判断；一件线索只记一个来源。", en = "Whoever registers a lead judges its source, and names one." }
remedy = { zh = "疏通其他渠道：公布举报方式，加强监督检查、审计和巡察移交，并按来源登记。", en = "Open the other channels: make known where to report, let inspections, audits and other bodies pass on what they find, and register the source." }

[thresholds.watch]
value = 80
most = 100
zh = "最大来源占比高于此值（%）：关注"
en = "share of the largest source above this (%): watch"

[thresholds.alert]
value = 95
most = 100
zh = "最大来源占比高于此值（%）：预警"
en = "share of the largest source above this (%): alert"

[thresholds.fewest]
value = 10
least = 1
zh = "至少线索件数"
en = "fewest leads"

[notes]
not_told_apart = { zh = "线索没有按来源分开", en = "leads are not told apart by source" }

[vocabularies]
largest_source = "source"

[evidence]
largest_source = { zh = "最多的来源", en = "largest source" }
of_largest = { zh = "来自该来源（件）", en = "leads from it" }
n = { zh = "线索（件）", en = "leads" }
n_sources = { zh = "来源（种）", en = "sources" }

[sentence]
zh = "{name}：{period}线索 {n} 件，{of_largest} 件来自“{largest_source}”（{value}%，区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {of_largest} of {n} leads {period} came from one source, {largest_source} ({value} %, interval {low}–{high} %; {line} line {threshold} %)."
+++ */
with by_source as (
    select
        lineage.region_id,
        lineage.quarter,
        lineage.department_id,
        cases.source,
        cases.source in ('all', 'not_stated') as is_untold,
        sum(cases.leads) as leads,
    from lineage
    inner join windows on lineage.region_id = windows.region_id and lineage.quarter = windows.quarter
    inner join cases
        on lineage.region_id = cases.region_id
        and lineage.former_id = cases.department_id
        and windows.member = cases.quarter
    where windows.length = 4 and cases.basis <> 'ytd' and cases.leads > 0
    group by lineage.region_id, lineage.quarter, lineage.department_id, cases.source
),

counted as (
    select
        region_id,
        quarter,
        department_id,
        sum(leads)::bigint as n,
        coalesce(max(leads) filter (where not is_untold), 0)::bigint as of_largest,
        coalesce(sum(leads) filter (where is_untold), 0)::bigint as untold,
        count(*) filter (where not is_untold) as n_sources,
        arg_max(source, (leads, source)) filter (where not is_untold) as largest_source,
    from by_source
    group by region_id, quarter, department_id
),

-- wherever the leads of unknown source came from: none from the largest, or all of them
bounded as (
    select
        *,
        level_above(of_largest, n, $watch, $alert, $fewest) as least_level,
        level_above(of_largest + untold, n, $watch, $alert, $fewest) as most_level,
    from counted
),

judged as (
    select
        reported.region_id,
        reported.department_id,
        reported.quarter,
        reported.reported_quarters,
        coalesce(bounded.n, 0) as n,
        bounded.of_largest,
        bounded.untold,
        bounded.n_sources,
        bounded.largest_source,
        bounded.least_level,
        if(bounded.least_level = bounded.most_level, bounded.least_level, null) as level,
    from window_cases as reported
    left join bounded using (region_id, quarter, department_id)
    where reported.length = 4 and reported.department_id <> '*'
)

select
    region_id,
    department_id,
    quarter,
    100.0 * of_largest / nullif(n, 0) as value,
    if(level = 'alert', $alert, $watch)::double as threshold,
    n,
    level,
    case when level is not null then null when least_level is null then 'few' else 'not_told_apart' end as note,
    reported_quarters as covered_quarters,
    of_largest,
    largest_source,
    n_sources,
    untold,
    wilson_low(of_largest, nullif(n, 0), 1.959964) as low,
    wilson_high(of_largest, nullif(n, 0), 1.959964) as high,
from judged
order by region_id, department_id, quarter
