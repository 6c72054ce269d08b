/* +++
title = { zh = "对个人多、对组织少", en = "Individuals over organisations" }
label = { zh = "少对组织", en = "Individuals only" }
group = "balance"
order = 7
kind = "share"
source = "D1 §1.2"
tables = ["supervision"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
axis = { position = 5, heavy = { zh = "对个人", en = "individuals" }, light = { zh = "对组织", en = "organisations" } }
why = { zh = "只盯着个人，集体作出的决定、单位自己的管理就没有人问。人换了，毛病还在，往往毛病在单位。", en = "Where only individuals are watched nobody asks about what was decided together or how the office runs itself. People change and the fault stays: then it lies with the office." }
formula = { zh = "近四季对象为“组织”的监督活动 ÷ 全部监督活动。占比和它的 80% 区间都低于关注线：关注；95% 区间全在预警线以下：预警。", en = "Activities of four quarters whose object was an organisation, divided by all activities. Watch where the share and its 80 % interval lie below the watch line; alert where the 95 % interval lies below the alert line." }
example = { zh = "44 次活动中 0 次对组织：0%，95% 区间 0–8%，全在 10% 以下，预警。20 次中 0 次：80% 区间 0–8%，低于 25%，而 95% 区间 0–16% 越过 10%，关注。20 次中 3 次：15%，80% 区间 7–28% 越过 25%，不触发。", en = "0 of 44 activities about organisations: 0 %, 95 % interval 0–8 %, all below 10 %: alert. 0 of 20: the 80 % interval 0–8 % lies below 25 %, the 95 % interval 0–16 % reaches past 10 %: watch. 3 of 20: 15 %, the 80 % interval 7–28 % reaches past 25 %: not met." }
exclusions = { zh = "活动不到最少次数的不判断；一次活动也没有的部门见“监督缺位”各条。", en = "No judgement on fewer activities than the minimum; a department without any is found by the rules on coverage." }
assumptions = { zh = "对象由登记的人判断，二者只记其一；每次同样看待，不论大小。", en = "Whoever registers an activity judges its object, one of the two; each counts the same, large or small." }
remedy = { zh = "把领导班子、内设机构、单位管理列为监督对象，如综合督察、集体决策检查、审计，并按“组织”登记。", en = "Make leading groups, divisions and the running of the office an object of supervision, by general inspection, checks of joint decisions or audit; and register it so." }

[thresholds.watch]
value = 25
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
value = { zh = "对组织占比", en = "share about organisations" }
light = { zh = "对组织（次）", en = "about organisations (activities)" }
heavy = { zh = "对个人（次）", en = "about individuals (activities)" }
n = { zh = "全部监督活动（次）", en = "all supervision activities" }

[sentence]
zh = "{name}：{period}监督活动 {n} 次，针对组织的 {light} 次（{value}%，95% 区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {light} of {n} supervision activities {period} looked at an organisation ({value} %, 95 % interval {low}–{high} %; {line} line {threshold} %)."
+++ */
select *,
from light_share('organisation', $watch, $alert, $fewest)
order by region_id, department_id, quarter
