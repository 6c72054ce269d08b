/* +++
order = 90
title = { zh = "分数在 0–100 之间", en = "Scores between 0 and 100" }
tables = ["evaluations", "assessments"]

[why]
zh = "分数按声明的分制换算到 0–100。越界说明分制填错，排名和合格线都会跟着错。"
en = "Scores are stored on 0–100 by the scale that was declared. One beyond it means a wrong scale, and with it wrong ranks and pass marks."

[items.mean]
zh = "测评平均分"
en = "mean appraisal score"

[items.score]
zh = "考核得分"
en = "assessed score"

[items.self_score]
zh = "自评得分"
en = "self score"

[items.pass_mark]
zh = "合格线"
en = "pass mark"
+++ */
with every as (
    select region_id, department_id, quarter, 'evaluations' as "table", 'mean' as item, 'dimension:' || dimension as detail, mean as score,
    from scores
    where quarter <> 'all' and dimension <> 'pooled'
    union all
    select
        region_id,
        department_id,
        year || 'Q4',
        'assessments',
        item,
        concat_ws(' · ', 'assessment_kind:' || kind, 'assessment_dimension:' || dimension),
        amount,
    from (unpivot assessments on score, self_score, pass_mark into name item value amount)
)

select
    region_id,
    department_id,
    quarter,
    "table",
    item,
    detail,
    '=' as relation,
    score::double as stated,
    greatest(0, least(100, score))::double as computed,
    0.0 as tolerance,
    'disagrees' as severity,
from every
where score is not null
order by region_id, department_id, quarter, "table", item, detail
