/* +++
title = { zh = "重上对下、轻下对上", en = "Top-down only" }
label = { zh = "少下对上", en = "Top-down" }
group = "balance"
order = 3
kind = "share"
source = "D1 §1.2"
tables = ["supervision"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
axis = { position = 1, heavy = { zh = "不是自下而上", en = "not from below" }, light = { zh = "自下而上", en = "from below" } }
why = { zh = "上级看下级容易，下级看上级难。干部职工和服务对象对领导的监督（职代会、民主评议、听取意见）若几乎没有，最了解情况的人就没有说话的地方。", en = "To watch those below is easy, to watch those above is hard. Where staff and the public hardly ever get to supervise upwards (staff congress, appraisal, opinions sought), those who know most have nowhere to say it." }
formula = { zh = "近四季方向为“自下而上”的监督活动 ÷ 全部监督活动。占比和它的 80% 区间都低于关注线：关注；95% 区间全在预警线以下：预警。", en = "Activities of four quarters whose direction is bottom-up, divided by all activities. Watch where the share and its 80 % interval lie below the watch line; alert where the 95 % interval lies below the alert line." }
example = { zh = "20 次活动中 0 次自下而上：0%，95% 区间 0–16%。占比和 80% 区间（0–8%）都低于 15%：关注；95% 区间没有全在 5% 以下，不到预警。", en = "0 of 20 activities from below: 0 %, 95 % interval 0–16 %. The share and its 80 % interval (0–8 %) lie below 15 %: watch. The 95 % interval does not lie below 5 %: no alert." }
exclusions = { zh = "活动不到最少次数的不判断；一次活动也没有的部门见“监督缺位”各条。", en = "No judgement on fewer activities than the minimum; a department without any is found by the rules on coverage." }
assumptions = { zh = "方向由登记的人判断；每次活动同样看待，不论大小。", en = "Whoever registers an activity judges its direction; each counts the same, large or small." }
remedy = { zh = "安排自下而上的监督：职代会评议、向服务对象听取意见、民主评议领导，并按此登记。", en = "Arrange supervision from below: staff congress, opinions sought from the public, appraisal of leaders; and register it so." }

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
value = { zh = "自下而上占比", en = "share from below" }
light = { zh = "自下而上（次）", en = "from below (activities)" }
heavy = { zh = "其他方向（次）", en = "in other directions (activities)" }
n = { zh = "全部监督活动（次）", en = "all supervision activities" }

[sentence]
zh = "{name}：{period}监督活动 {n} 次，自下而上的 {light} 次（{value}%，95% 区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {light} of {n} supervision activities {period} came from below ({value} %, 95 % interval {low}–{high} %; {line} line {threshold} %)."
+++ */
select *,
from light_share('bottom_up', $watch, $alert, $fewest)
order by region_id, department_id, quarter
