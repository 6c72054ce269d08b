/* +++
title = { zh = "重执法、轻领导行为", en = "Enforcement watched, leaders not" }
label = { zh = "少看领导", en = "Leaders unwatched" }
group = "balance"
order = 4
kind = "share"
source = "D1 §1.2"
tables = ["supervision"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
axis = { position = 2, heavy = { zh = "一般人员执法", en = "staff enforcement" }, light = { zh = "领导行为", en = "leaders' conduct" } }
why = { zh = "看一线人员怎样执法容易，看领导怎样用权难。决策、签批、用人都在领导手里，监督很少触及这里，查得再勤也只查到末梢。", en = "How the front line enforces is easy to watch, how leaders use their power is not. Decisions, signatures and appointments lie with them: supervision that hardly ever looks there only reaches the ends of the branches." }
formula = { zh = "近四季重点为“领导行为”的监督活动 ÷ 全部监督活动。占比和它的 80% 区间都低于关注线：关注；95% 区间全在预警线以下：预警。", en = "Activities of four quarters that looked at leaders' conduct, divided by all activities. Watch where the share and its 80 % interval lie below the watch line; alert where the 95 % interval lies below the alert line." }
example = { zh = "44 次活动中 0 次看领导行为：0%，95% 区间 0–8%，全在 10% 以下，预警。20 次中 0 次：80% 区间 0–8%，低于 20%，而 95% 区间 0–16% 越过 10%，关注。20 次中 2 次：10%，80% 区间 4–22% 越过 20%，不触发。", en = "0 of 44 activities looked at leaders: 0 %, 95 % interval 0–8 %, all below 10 %: alert. 0 of 20: the 80 % interval 0–8 % lies below 20 %, the 95 % interval 0–16 % reaches past 10 %: watch. 2 of 20: 10 %, the 80 % interval 4–22 % reaches past 20 %: not met." }
exclusions = { zh = "活动不到最少次数的不判断；一次活动也没有的部门见“监督缺位”各条。", en = "No judgement on fewer activities than the minimum; a department without any is found by the rules on coverage." }
assumptions = { zh = "重点由登记的人判断；一次活动只记一个重点，每次同样看待，不论大小。", en = "Whoever registers an activity judges its focus; each has one focus and counts the same, large or small." }
remedy = { zh = "把领导干部的决策、签批、用人列为监督内容，例如列席班子会议、离任审计、述责述廉评议，并按“领导行为”登记。", en = "Make leaders' decisions, signatures and appointments a subject of supervision: sit in on their meetings, audit on leaving, appraise their reports; and register it so." }

[thresholds.watch]
value = 20
most = 100
zh = "占比低于此值（%）：关注"
en = "share below this (%): watch"

[thresholds.alert]
value = 10
most = 100
zh = "占比低于此值（%）：预警"
en = "share below this (%): alert"

[thresholds.fewest]
value = 5
least = 1
zh = "至少活动次数"
en = "fewest activities"

[evidence]
value = { zh = "针对领导行为占比", en = "share at leaders’ conduct" }
light = { zh = "针对领导行为（次）", en = "at leaders’ conduct (activities)" }
heavy = { zh = "针对一般执法（次）", en = "at enforcement by staff (activities)" }
n = { zh = "全部监督活动（次）", en = "all supervision activities" }

[sentence]
zh = "{name}：{period}监督活动 {n} 次，针对领导行为的 {light} 次（{value}%，95% 区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {light} of {n} supervision activities {period} looked at leaders' conduct ({value} %, 95 % interval {low}–{high} %; {line} line {threshold} %)."
+++ */
select *,
from light_share('leader_conduct', $watch, $alert, $fewest)
order by region_id, department_id, quarter
