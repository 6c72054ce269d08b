/* +++
answers = "the comparisons of the arithmetic audit that do not agree, are worth a look, or could not be made"
+++ */
create table audit_rows as
select
    "check",
    region_id,
    department_id,
    quarter,
    "table",
    item,
    detail,
    relation,
    stated,
    computed,
    stated - computed as difference,
    tolerance,
    verdict,
from computed
where verdict <> 'agrees'
order by region_id, "check", quarter, department_id, "table", item, detail
