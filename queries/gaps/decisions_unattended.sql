/* +++
title = { zh = "事前介入不足", en = "Decisions unattended" }
label = { zh = "列席不足", en = "Unattended" }
group = "decisions"
order = 18
kind = "share"
source = "D1 §3.2.3"
tables = ["decisions"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
why = { zh = "人事、重大案件、工程、大宗采购的会议，纪检人员在场，问题就能在决定之前提出来；事后再查，损失已经造成。", en = "Where discipline staff sit in on appointments, major cases, works and purchases, questions come before the decision; afterwards the loss is made." }
formula = { zh = "近四季“三重一大”事项中纪检人员列席的 ÷ 全部事项。", en = "Major matters of four quarters that discipline staff sat in on, divided by all major matters." }
example = { zh = "80 项中列席 16 项（20%，95% 区间 13–30%），区间整段低于 60%：预警。", en = "16 of 80 attended (20 %, 95 % interval 13–30 %): the whole interval lies below 60 %: alert." }
exclusions = { zh = "事项少于 8 项不判断；没有报送的季度不算。", en = "No judgement on fewer than 8 matters; quarters that were not reported are left out." }
assumptions = { zh = "部门如实登记全部事项和列席情况。", en = "Departments register all matters and who sat in truthfully." }
remedy = { zh = "会前通知派驻纪检人员列席并登记；列席率的区间回到线以上。", en = "Invite the discipline staff before each meeting and register it; the interval comes back above the line." }

[thresholds.watch]
value = 90
most = 100
zh = "列席率低于此值（%）：关注"
en = "attended share below this (%): watch"

[thresholds.alert]
value = 60
most = 100
zh = "列席率低于此值（%）：预警"
en = "attended share below this (%): alert"

[thresholds.fewest]
value = 8
least = 1
zh = "至少事项数"
en = "fewest matters"

[evidence]
value = { zh = "列席率", en = "attended share" }
attended = { zh = "纪检人员列席（项）", en = "attended by discipline staff" }
n = { zh = "全部事项（项）", en = "all major matters" }

[sentence]
zh = "{name}：{period}“三重一大”事项 {n} 项，纪检人员列席 {attended} 项（{value}%，区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: discipline staff sat in on {attended} of {n} major matters {period} ({value} %, interval {low}–{high} %; {line} line {threshold} %)."
+++ */
with judged as (
    select *, level_below(attended, total, $watch, $alert, $fewest) as level,
    from window_decisions
    where length = 4
)

select
    region_id,
    department_id,
    quarter,
    100.0 * attended / nullif(total, 0) as value,
    if(level = 'alert', $alert, $watch)::double as threshold,
    total as n,
    level,
    if(level is null, 'few', null) as note,
    reported_quarters as covered_quarters,
    attended,
    wilson_low(attended, nullif(total, 0), 1.959964) as low,
    wilson_high(attended, nullif(total, 0), 1.959964) as high,
from judged
order by region_id, department_id, quarter
