/* +++
title = { zh = "事后惩戒为主", en = "After the fact" }
label = { zh = "多在事后", en = "After the fact" }
group = "balance"
order = 9
kind = "share"
source = "D1 §1.4"
tables = ["supervision"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
axis = { position = 7, heavy = { zh = "事后", en = "after" }, light = { zh = "事前、事中", en = "before and during" } }
why = { zh = "事情办完了再查，只能追究，不能防止。列席、会签、过程检查这些在事前和事中的监督少了，关口就移到了最后一道。", en = "To look when all is done can punish and cannot prevent. Where sitting in, joint signing and checks along the way are few, the only gate left is the last one." }
formula = { zh = "近四季阶段为“事前”或“事中”的监督活动 ÷ 全部监督活动。占比和它的 80% 区间都低于关注线：关注；95% 区间全在预警线以下：预警。", en = "Activities of four quarters before or during the use of a power, divided by all activities. Watch where the share and its 80 % interval lie below the watch line; alert where the 95 % interval lies below the alert line." }
example = { zh = "24 次活动中 1 次在事前或事中：4%，95% 区间 1–20%，全在 30% 以下，预警。36 次中 12 次：33%，80% 区间 24–44%，低于 50%，关注。10 次中 3 次：30%，80% 区间 15.4–50.3% 越过 50%，不触发。", en = "1 of 24 activities before or during: 4 %, 95 % interval 1–20 %, all below 30 %: alert. 12 of 36: 33 %, the 80 % interval 24–44 % lies below 50 %: watch. 3 of 10: 30 %, the 80 % interval 15.4–50.3 % reaches past 50 %: not met." }
exclusions = { zh = "活动不到最少次数的不判断；一次活动也没有的部门见“监督缺位”各条。", en = "No judgement on fewer activities than the minimum; a department without any is found by the rules on coverage." }
assumptions = { zh = "阶段由登记的人判断，以用权之时为准；每次同样看待，不论大小。", en = "Whoever registers an activity judges its stage by when the power was used; each counts the same, large or small." }
remedy = { zh = "把监督关口前移：列席任免、采购、工程的会议，过程中抽查，并按“事前”“事中”登记。", en = "Move the gate forward: sit in on meetings about appointments, purchases and works, spot-check along the way; and register it as before or during." }

[thresholds.watch]
value = 50
most = 100
zh = "占比低于此值（%）：关注"
en = "share below this (%): watch"

[thresholds.alert]
value = 30
most = 100
zh = "占比低于此值（%）：预警"
en = "share below this (%): alert"

[thresholds.fewest]
value = 5
least = 1
zh = "至少活动次数"
en = "fewest activities"

[evidence]
value = { zh = "事前与事中占比", en = "share before and during" }
light = { zh = "事前与事中（次）", en = "before and during (activities)" }
heavy = { zh = "事后（次）", en = "afterwards (activities)" }
n = { zh = "全部监督活动（次）", en = "all supervision activities" }

[sentence]
zh = "{name}：{period}监督活动 {n} 次，事前、事中的 {light} 次（{value}%，95% 区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {light} of {n} supervision activities {period} took place before or during ({value} %, 95 % interval {low}–{high} %; {line} line {threshold} %)."
+++ */
select *,
from light_share('before_or_during', $watch, $alert, $fewest)
order by region_id, department_id, quarter
