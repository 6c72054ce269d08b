/* +++
title = { zh = "权责不统一", en = "Power without responsibility" }
label = { zh = "权责不统一", en = "Power, no duty" }
group = "powers"
order = 20
kind = "composite"
source = "D2 §1.3"
tables = ["powers", "cases", "supervision"]
unit = { zh = "个百分位", en = "percentile points" }
decimals = 0
window = 4
why = { zh = "权力大的地方，责任也应当重：多受监督，出了问题有人承担，职权公开。权力居前而这些都居后，掌权者就少了约束。", en = "Where power is large, responsibility should be too: more supervision, somebody who answers when things go wrong, powers that are published. Much power and little of these leaves those who hold it unbound." }
formula = { zh = "权力指数 − 责任指数，两者都是地区内百分位的平均。权力：职权数（A 级计 3，B 级计 2，C 级计 1）、年涉及金额、年行使次数；责任：近四季监督次数和发现问题数、近八季处分案件与问责领导数、职权公开率。缺的项不计入。", en = "Power index minus answerability index, each a mean of percentile ranks within the region. Power: powers (A counts 3, B 2, C 1), annual amount, annual uses. Answerability: activities and findings in four quarters, sanctioned cases and leaders held to account in eight, share of powers published. What is absent is left out." }
example = { zh = "权力三项百分位 90、84、96，平均 90；责任四项 5、10、20、37，平均 18；相差 72，超过 60：预警。", en = "Power parts at percentiles 90, 84 and 96: mean 90; answerability parts at 5, 10, 20 and 37: mean 18; the difference of 72 exceeds 60: alert." }
exclusions = { zh = "没有编职权目录的部门没有权力指数，不判断；目录中金额、次数或等级只填了一部分的，合计会偏小，也不判断；案件表里处分、问责有空缺或只报了部分季度的，责任指数会偏低，同样不判断（全地区都没有的，该项不计）。", en = "A department without a catalogue has no power index and is not judged; nor one that gives amounts, uses or grades of a part of its powers only, whose sums would be too small. Nor one whose cases leave sanctions or leaders empty, or cover fewer quarters than others': its answerability would look small. What nobody in the region gives is left out." }
assumptions = { zh = "各项同样看重；百分位只说明在本地区的位置，不说明绝对大小；处分和问责多既可能是管得严，也可能是问题多。", en = "All parts weigh the same; a percentile tells the place within the region and no absolute size; many sanctions may mean strict holding to account or many faults." }
remedy = { zh = "增加对该部门的监督并登记，公开职权，落实责任追究。", en = "More supervision of it, registered; its powers published; responsibility enforced." }

[thresholds.watch]
value = 40
most = 100
zh = "相差超过此值：关注"
en = "difference above this: watch"

[thresholds.alert]
value = 60
most = 100
zh = "相差超过此值：预警"
en = "difference above this: alert"

[notes]
power_incomplete = { zh = "职权目录中有的职权缺年涉及金额、年行使次数或风险等级，权力指数算不全", en = "some of its powers lack the annual amount, the uses or the grade, so its power index would be understated" }
no_catalogue = { zh = "没有编职权目录", en = "no catalogue of powers" }
answerability_incomplete = { zh = "案件表中处分、问责有空缺，或案件没有报满，责任指数会算低", en = "its cases leave sanctions or leaders empty, or cover a part of the quarters, so its answerability index would be understated" }
no_answerability = { zh = "监督、案件、公开都没有数据", en = "no data on supervision, cases or publication" }

[evidence]
value = { zh = "相差（个百分位）", en = "difference (percentile points)" }
power_index = { zh = "权力指数", en = "power index" }
answerability_index = { zh = "责任指数", en = "answerability index" }
weighted_powers = { zh = "职权加权数（A 3、B 2、C 1）", en = "powers weighted (A 3, B 2, C 1)" }
annual_amount_10k = { zh = "年涉及金额（万元）", en = "annual amount (10,000 yuan)" }
annual_uses = { zh = "年行使次数（次）", en = "uses a year" }
activities = { zh = "近四季监督活动（次）", en = "supervision activities in four quarters" }
findings = { zh = "近四季发现问题（个）", en = "findings in four quarters" }
sanctioned = { zh = "近八季处分案件与问责领导", en = "sanctioned cases and leaders held to account in eight quarters" }
published_share = { zh = "职权公开率（%）", en = "powers published (%)" }

[sentence]
zh = "{name}：权力指数 {power_index}，责任指数 {answerability_index}，相差 {value}（{line}线 {threshold}）；近四季监督 {activities} 次、发现问题 {findings} 个，近八季处分与问责 {sanctioned}。"
en = "{name}: power index {power_index}, answerability index {answerability_index}, difference {value} ({line} line {threshold}); supervision activities {activities}, findings {findings}, sanctions and leaders held to account in eight quarters {sanctioned}."
+++ */
with known as (
    select
        standing.region_id,
        standing.department_id,
        standing.quarter,
        indexes.power_index,
        indexes.answerability_index,
        indexes.is_partial,
        indexes.is_answerability_partial,
        indexes.power_index - indexes.answerability_index as difference,
        indexes.weighted_powers,
        indexes.annual_amount_10k,
        indexes.annual_uses,
        indexes.activities,
        indexes.findings,
        indexes.sanctioned,
        indexes.published_share,
    from department_quarters as standing
    inner join catalogue_kept using (region_id, quarter)
    left join power_indexes as indexes
        on standing.region_id = indexes.region_id
        and standing.quarter = indexes.quarter
        and standing.department_id = indexes.department_id
)

select
    region_id,
    department_id,
    quarter,
    difference as value,
    if(difference > $alert, $alert, $watch)::double as threshold,
    null::bigint as n,
    case
        when difference is null then null
        when difference > $alert then 'alert'
        when difference > $watch then 'watch'
        else 'ok'
    end as level,
    case
        when is_partial then 'power_incomplete'
        when power_index is null then 'no_catalogue'
        when is_answerability_partial then 'answerability_incomplete'
        when answerability_index is null then 'no_answerability'
    end as note,
    power_index,
    answerability_index,
    weighted_powers,
    annual_amount_10k,
    annual_uses,
    activities,
    findings,
    sanctioned,
    published_share,
from known
order by region_id, department_id, quarter
