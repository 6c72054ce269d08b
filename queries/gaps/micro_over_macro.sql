/* +++
title = { zh = "微观多、宏观少", en = "Micro over macro" }
label = { zh = "少宏观", en = "Micro only" }
group = "balance"
order = 6
kind = "share"
source = "D1 §1.2"
tables = ["supervision"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
axis = { position = 4, heavy = { zh = "微观", en = "micro" }, light = { zh = "宏观", en = "macro" } }
why = { zh = "一件事一件事地查，查完一件还会有下一件。制度怎样定、权力怎样配、流程怎样走，这些管着一片，若没有人看，同样的毛病会一再出现。", en = "Looking into one matter after another never comes to an end. How rules are made, powers shared out and work arranged decides over many matters at once; where nobody looks at that, the same fault keeps coming back." }
formula = { zh = "近四季层次为“宏观”的监督活动 ÷ 全部监督活动。占比和它的 80% 区间都低于关注线：关注；95% 区间全在预警线以下：预警。", en = "Activities of four quarters on the macro level (rules and arrangements), divided by all activities. Watch where the share and its 80 % interval lie below the watch line; alert where the 95 % interval lies below the alert line." }
example = { zh = "80 次活动中 0 次宏观：0%，95% 区间 0–4.6%，全在 5% 以下，预警。20 次中 0 次：80% 区间 0–8%，低于 15%，关注。20 次中 1 次：5%，80% 区间 1.5–15.3% 越过 15%，不触发。", en = "0 of 80 activities on the macro level: 0 %, 95 % interval 0–4.6 %, all below 5 %: alert. 0 of 20: the 80 % interval 0–8 % lies below 15 %: watch. 1 of 20: 5 %, the 80 % interval 1.5–15.3 % reaches past 15 %: not met." }
exclusions = { zh = "活动不到最少次数的不判断；一次活动也没有的部门见“监督缺位”各条。", en = "No judgement on fewer activities than the minimum; a department without any is found by the rules on coverage." }
assumptions = { zh = "层次由登记的人判断：针对具体事项为微观，针对制度、机制、配置为宏观；每次同样看待。", en = "Whoever registers an activity judges its level: a single matter is micro, rules and arrangements are macro; each counts the same." }
remedy = { zh = "安排对制度、机制和权力配置的监督，如专项评估、综合督察、审计，并按“宏观”登记。", en = "Supervise rules, arrangements and the sharing of powers as well, by review, general inspection or audit; and register it as macro." }

[thresholds.watch]
value = 15
most = 100
zh = "占比低于此值（%）：关注"
en = "share below this (%): watch"

[thresholds.alert]
value = 5
most = 100
zh = "占比低于此值（%）：预警"
en = "share below this (%): alert"

[thresholds.fewest]
value = 5
least = 1
zh = "至少活动次数"
en = "fewest activities"

[evidence]
value = { zh = "宏观占比", en = "share macro" }
light = { zh = "宏观（次）", en = "macro (activities)" }
heavy = { zh = "微观（次）", en = "micro (activities)" }
n = { zh = "全部监督活动（次）", en = "all supervision activities" }

[sentence]
zh = "{name}：{period}监督活动 {n} 次，宏观层次的 {light} 次（{value}%，95% 区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {light} of {n} supervision activities {period} looked at the macro level ({value} %, 95 % interval {low}–{high} %; {line} line {threshold} %)."
+++ */
select *,
from light_share('macro', $watch, $alert, $fewest)
order by region_id, department_id, quarter
