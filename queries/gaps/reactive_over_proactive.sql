/* +++
title = { zh = "被动多、主动少", en = "Reactive over proactive" }
label = { zh = "少主动", en = "Reactive" }
group = "balance"
order = 8
kind = "share"
source = "D1 §1.2"
tables = ["supervision"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
axis = { position = 6, heavy = { zh = "被动", en = "reactive" }, light = { zh = "主动", en = "proactive" } }
why = { zh = "有了举报、出了事才去，监督就总是迟到，没有人举报的地方永远轮不到。主动安排的监督才能走在前面。", en = "Supervision that goes out only after a report or an incident is always late, and never comes where nobody reports. Only what is planned can be there first." }
formula = { zh = "近四季启动方式为“主动”的监督活动 ÷ 全部监督活动。占比和它的 80% 区间都低于关注线：关注；95% 区间全在预警线以下：预警。", en = "Activities of four quarters that were started on one's own initiative, divided by all activities. Watch where the share and its 80 % interval lie below the watch line; alert where the 95 % interval lies below the alert line." }
example = { zh = "24 次活动中 1 次主动：4%，95% 区间 1–20%，全在 25% 以下，预警。36 次中 12 次：33%，80% 区间 24–44%，低于 50%，关注。10 次中 3 次：30%，80% 区间 15.4–50.3% 越过 50%，不触发。", en = "1 of 24 activities proactive: 4 %, 95 % interval 1–20 %, all below 25 %: alert. 12 of 36: 33 %, the 80 % interval 24–44 % lies below 50 %: watch. 3 of 10: 30 %, the 80 % interval 15.4–50.3 % reaches past 50 %: not met." }
exclusions = { zh = "活动不到最少次数的不判断；一次活动也没有的部门见“监督缺位”各条。", en = "No judgement on fewer activities than the minimum; a department without any is found by the rules on coverage." }
assumptions = { zh = "启动方式如实登记：按计划开展为主动，因举报、交办、事故开展为被动；每次同样看待。", en = "The trigger is registered truthfully: by plan is proactive, after a report, an order or an incident is reactive; each counts the same." }
remedy = { zh = "制定年度监督计划，按计划开展日常督察、抽查，并按“主动”登记。", en = "Make a plan for the year, inspect and spot-check by it, and register that as proactive." }

[thresholds.watch]
value = 50
most = 100
zh = "占比低于此值（%）：关注"
en = "share below this (%): watch"

[thresholds.alert]
value = 25
most = 100
zh = "占比低于此值（%）：预警"
en = "share below this (%): alert"

[thresholds.fewest]
value = 5
least = 1
zh = "至少活动次数"
en = "fewest activities"

[evidence]
value = { zh = "主动发起占比", en = "share started proactively" }
light = { zh = "主动发起（次）", en = "started proactively (activities)" }
heavy = { zh = "被动发起（次）", en = "started on a prompt (activities)" }
n = { zh = "全部监督活动（次）", en = "all supervision activities" }

[sentence]
zh = "{name}：{period}监督活动 {n} 次，主动开展的 {light} 次（{value}%，95% 区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {light} of {n} supervision activities {period} began unprompted ({value} %, 95 % interval {low}–{high} %; {line} line {threshold} %)."
+++ */
select *,
from light_share('proactive', $watch, $alert, $fewest)
order by region_id, department_id, quarter
