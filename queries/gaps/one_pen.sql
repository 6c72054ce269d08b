/* +++
title = { zh = "一支笔", en = "One pen" }
label = { zh = "一支笔", en = "One pen" }
group = "decisions"
order = 21
kind = "share"
source = "D2 §1.1"
tables = ["decisions"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
why = { zh = "大事小事一个人签字就算数，钱和人就系于一人之手：没有人商量，也没有人能说不。", en = "Where one signature settles matters large and small, money and people hang on one hand: nobody is asked, and nobody can say no." }
formula = { zh = "近四季“三重一大”事项中一人签批即生效的 ÷ 全部事项。", en = "Major matters of four quarters that one signature settled, divided by all major matters." }
example = { zh = "40 项中一人签批 20 项（50%，95% 区间 35–65%），区间整段高于 25%：预警。", en = "20 of 40 settled by one signature (50 %, 95 % interval 35–65 %): the whole interval lies above 25 %: alert." }
exclusions = { zh = "事项少于 8 项不判断；没有报送的季度不算。紧急事项依规先签后议的，核查时剔除。", en = "No judgement on fewer than 8 matters; quarters that were not reported are left out. Urgent matters that may lawfully be signed first are taken out when checking." }
assumptions = { zh = "部门如实登记；0 也可能是没有登记。", en = "Departments register truthfully; 0 may also mean not registered." }
remedy = { zh = "改为集体研究，一人签批只留给依规的紧急事项；占比的区间回到线以下。", en = "Decide together and keep the single signature for lawful urgency; the interval comes back below the line." }

[thresholds.watch]
value = 10
most = 100
zh = "占比高于此值（%）：关注"
en = "share above this (%): watch"

[thresholds.alert]
value = 25
most = 100
zh = "占比高于此值（%）：预警"
en = "share above this (%): alert"

[thresholds.fewest]
value = 8
least = 1
zh = "至少事项数"
en = "fewest matters"

[evidence]
value = { zh = "一人签批占比", en = "share settled by one signature" }
single_signature = { zh = "一人签批（项）", en = "settled by one signature" }
n = { zh = "全部事项（项）", en = "all major matters" }

[sentence]
zh = "{name}：{period}“三重一大”事项 {n} 项，一人签批 {single_signature} 项（{value}%，区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: one signature settled {single_signature} of {n} major matters {period} ({value} %, interval {low}–{high} %; {line} line {threshold} %)."
+++ */
with judged as (
    select *, level_above(single_signature, total, $watch, $alert, $fewest) as level,
    from window_decisions
    where length = 4
)

select
    region_id,
    department_id,
    quarter,
    100.0 * single_signature / nullif(total, 0) as value,
    if(level = 'alert', $alert, $watch)::double as threshold,
    total as n,
    level,
    if(level is null, 'few', null) as note,
    reported_quarters as covered_quarters,
    single_signature,
    wilson_low(single_signature, nullif(total, 0), 1.959964) as low,
    wilson_high(single_signature, nullif(total, 0), 1.959964) as high,
from judged
order by region_id, department_id, quarter
