/* +++
title = { zh = "授权·用权·结果缺一", en = "A stage of power unwatched" }
label = { zh = "缺阶段", en = "Stage unwatched" }
group = "coverage"
order = 24
kind = "deterministic"
source = "D2 §2.2, D3 §5"
tables = ["supervision", "supervision.power_stage"]
unit = { zh = "个阶段", en = "stages" }
decimals = 0
window = 4
why = { zh = "权力从授予、行使到结果是一条线，三处都要有人看。只看行使，选人授权时的偏差放了过去；不看结果，用得好不好没有人过问。", en = "Power runs from its grant through its exercise to its result, and each needs somebody who looks. To watch only the exercise lets faults at the grant pass; where nobody looks at the result, nobody asks how well it was used." }
formula = { zh = "授权、用权、结果三个阶段中，近四季没有一次监督活动的阶段数：达到关注线为关注，达到预警线为预警。登记簿一直在记而近四季一次监督也没有的，为预警。", en = "Of the three stages (grant, exercise, result) those without any activity in four quarters: as many as the watch line is watch, as many as the alert line is alert. No activity at all in four quarters of a register that was kept is alert." }
example = { zh = "近四季 15 次监督都注明了阶段，用权 9 次、结果 6 次、授权 0 次：缺一个阶段，关注。若 15 次都是用权：缺两个阶段，预警。", en = "15 activities in four quarters with their stage: 9 exercise, 6 result, 0 grant: one stage is missing: watch. All 15 on the exercise: two are missing: alert." }
exclusions = { zh = "未注明权力阶段的活动不算；注明的不到最少次数而又并非一次监督也没有的，不判断；登记簿不满四季的，不说“没有”。", en = "Activities without a stated stage; no judgement where some took place and fewer than the minimum state it; “none” is not said of a register that does not reach back four quarters." }
assumptions = { zh = "阶段由登记的人判断，一次活动只记一个阶段；登记簿上没有的监督视为没有开展。", en = "Whoever registers an activity judges its stage, one each; supervision that is not in the register did not take place." }
remedy = { zh = "在所缺阶段安排监督：授权看选拔任用和授权依据，用权看过程，结果看审计和考核；并按阶段登记。", en = "Arrange supervision of the stage that lacks it: of the grant by looking at appointments and mandates, of the exercise along the way, of the result by audit and assessment; and register the stage." }
vocabularies = { unwatched = "power_stage" }

[thresholds.watch]
value = 1
least = 1
most = 3
zh = "无监督的阶段达到此数：关注"
en = "stages unwatched, this many: watch"

[thresholds.alert]
value = 2
least = 1
most = 3
zh = "无监督的阶段达到此数：预警"
en = "stages unwatched, this many: alert"

[thresholds.fewest]
value = 3
least = 1
zh = "至少注明权力阶段的活动次数"
en = "fewest activities with a stage of power"

[notes]
not_told = { zh = "有的活动没有写明，不能说没有", en = "some activities do not tell, so absence cannot be said" }
short_register = { zh = "监督登记不满四季", en = "the supervision register does not cover four quarters" }

[evidence]
unwatched = { zh = "没有监督的阶段", en = "stages without supervision" }
activities = { zh = "监督活动（次）", en = "supervision activities" }
kept_quarters = { zh = "有监督登记的季度（个）", en = "quarters in which the register was kept" }

[sentence.some]
zh = "{name}：{period}注明权力阶段的监督 {n} 次，“{unwatched}”阶段一次也没有（缺 {value} 个阶段，{line}线 {threshold} 个）。"
en = "{name}: {n} activities {period} state the stage of power; none looked at: {unwatched} (stages missing: {value}, {line} line {threshold})."

[sentence.none]
zh = "{name}：{period}没有任何监督活动，授权、用权、结果三个阶段都没有监督。"
en = "{name}: no supervision activity at all {period}; neither the grant nor the exercise nor the result of power was looked at."
+++ */
select *,
from unwatched_parts('power_stage', $watch, $alert, $fewest)
order by region_id, department_id, quarter
