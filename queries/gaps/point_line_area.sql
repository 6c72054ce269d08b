/* +++
title = { zh = "点线面未全覆盖", en = "Point, line or area left out" }
label = { zh = "点线面", en = "Point-line-area" }
group = "coverage"
order = 37
kind = "deterministic"
source = "D6"
tables = ["supervision", "supervision.sphere"]
unit = { zh = "个层面", en = "spheres" }
decimals = 0
window = 4
why = { zh = "点是关键的人，线是办事的流程，面是社会各界的眼睛。三者各管一段，缺了一个，就有一处只能靠自觉。", en = "The point is the people who matter, the line the way work is done, the area the eyes of society. Each covers what the others do not; without one of them something is left to good will." }
formula = { zh = "点（个人）、线（流程）、面（社会）三个层面中，近四季没有一次监督活动的层面数：达到关注线为关注，达到预警线为预警。登记簿一直在记而近四季一次监督也没有的，为预警。", en = "Of the three spheres (individual, process, society) those without any activity in four quarters: as many as the watch line is watch, as many as the alert line is alert. No activity at all in four quarters of a register that was kept is alert." }
example = { zh = "近四季 15 次监督都注明了层面，个人 4 次、流程 11 次、社会 0 次：缺一个层面，关注。若 15 次都是流程：缺两个层面，预警。", en = "15 activities in four quarters with their sphere: 4 individual, 11 process, 0 society: one sphere is missing: watch. All 15 on the process: two are missing: alert." }
exclusions = { zh = "未注明层面的活动不算；注明的不到最少次数而又并非一次监督也没有的，不判断；登记簿不满四季的，不说“没有”。", en = "Activities without a stated sphere; no judgement where some took place and fewer than the minimum state it; “none” is not said of a register that does not reach back four quarters." }
assumptions = { zh = "层面由登记的人判断，一次活动只记一个层面；登记簿上没有的监督视为没有开展。", en = "Whoever registers an activity judges its sphere, one each; supervision that is not in the register did not take place." }
remedy = { zh = "在所缺层面安排监督：点上谈话提醒、家访，线上抽查流程、跟案监督，面上走访、座谈、回访；并按层面登记。", en = "Arrange supervision of the sphere that lacks it: talks and home visits for the point, checks of the process and following of cases for the line, outside visits, meetings and return visits for the area; and register the sphere." }
vocabularies = { unwatched = "sphere" }

[thresholds.watch]
value = 1
least = 1
most = 3
zh = "无监督的层面达到此数：关注"
en = "spheres unwatched, this many: watch"

[thresholds.alert]
value = 2
least = 1
most = 3
zh = "无监督的层面达到此数：预警"
en = "spheres unwatched, this many: alert"

[thresholds.fewest]
value = 3
least = 1
zh = "至少注明层面的活动次数"
en = "fewest activities with a sphere"

[notes]
not_told = { zh = "有的活动没有写明，不能说没有", en = "some activities do not tell, so absence cannot be said" }
short_register = { zh = "监督登记不满四季", en = "the supervision register does not cover four quarters" }

[evidence]
unwatched = { zh = "没有监督的层面", en = "spheres without supervision" }
activities = { zh = "监督活动（次）", en = "supervision activities" }
kept_quarters = { zh = "有监督登记的季度（个）", en = "quarters in which the register was kept" }

[sentence.some]
zh = "{name}：{period}注明点线面的监督 {n} 次，“{unwatched}”一次也没有（缺 {value} 个层面，{line}线 {threshold} 个）。"
en = "{name}: {n} activities {period} state their sphere; none looked at: {unwatched} (spheres missing: {value}, {line} line {threshold})."

[sentence.none]
zh = "{name}：{period}没有任何监督活动，点、线、面都没有监督。"
en = "{name}: no supervision activity at all {period}; neither individuals nor processes nor society were covered."
+++ */
select *,
from unwatched_parts('sphere', $watch, $alert, $fewest)
order by region_id, department_id, quarter
