/* +++
title = { zh = "流程缺制约或投诉渠道", en = "Flow without a check" }
label = { zh = "流程缺制约", en = "Flow unchecked" }
group = "powers"
order = 30
kind = "deterministic"
source = "D5 §4.1.2"
tables = ["powers"]
unit = { zh = "项", en = "powers" }
decimals = 0
window = 1
why = { zh = "重要的权力要有流程图，流程里要有人把关，办事的人不服要有地方说。缺了把关或投诉渠道，错了没人拦，错了也没人知道。", en = "An important power needs a flow in which somebody checks and a place where those concerned can object. Without the check nobody stops a mistake, without the route nobody hears of it." }
formula = { zh = "季末有效的 A、B 级职权中没有制约环节或没有投诉渠道的项数：有 B 级为关注，有 A 级为预警。", en = "Powers of grade A or B in force at the end of the quarter that have no checking step or no complaint route: any B is watch, any A is alert." }
example = { zh = "一项 B 级职权没有投诉渠道：关注；一项 A 级职权没有制约环节：预警。", en = "A B-grade power without a complaint route: watch; an A-grade power without a checking step: alert." }
exclusions = { zh = "C 级职权不算；没有编职权目录的部门不判断。", en = "Powers of grade C; departments without a catalogue are not judged." }
assumptions = { zh = "登记有环节就是有；环节起不起作用另查。", en = "A step that is registered exists; whether it works is another question." }
remedy = { zh = "在流程中设审核环节，公布投诉渠道，更新目录。", en = "Put a checking step into the flow, make a complaint route known, update the catalogue." }

[evidence]
value = { zh = "流程有缺的 A、B 级职权（项）", en = "powers of grade A or B with a gap" }
a_grade = { zh = "其中 A 级（项）", en = "of grade A" }
without_check = { zh = "缺制约环节（项）", en = "without a checking step" }
without_route = { zh = "缺投诉渠道（项）", en = "without a complaint route" }
n = { zh = "有效职权（项）", en = "powers in force" }

[sentence]
zh = "{name}：{value} 项 A、B 级职权流程有缺（A 级 {a_grade} 项）：缺制约环节 {without_check}，缺投诉渠道 {without_route}。"
en = "{name}: powers of grade A or B with a gap in their flow {value} (grade A {a_grade}): no checking step {without_check}, no complaint route {without_route}."
+++ */
with flows as (
    select *, not (has_check_step and has_complaint_route) and risk_level in ('A', 'B') as is_open,
    from powers_in_force
),

counted as (
    select
        region_id,
        department_id,
        quarter,
        count(*) as n,
        count(*) filter (where is_open) as open_flows,
        count(*) filter (where is_open and risk_level = 'A') as a_grade,
        count(*) filter (where is_open and not has_check_step) as without_check,
        count(*) filter (where is_open and not has_complaint_route) as without_route,
        list(power_id order by risk_level, power_id) filter (where is_open) as ids,
    from flows
    group by region_id, department_id, quarter
)

select
    region_id,
    department_id,
    quarter,
    open_flows::double as value,
    0.0 as threshold,
    n,
    case when a_grade > 0 then 'alert' when open_flows > 0 then 'watch' else 'ok' end as level,
    null::varchar as note,
    a_grade,
    without_check,
    without_route,
    coalesce(ids, []) as ids,
from counted
order by region_id, department_id, quarter
