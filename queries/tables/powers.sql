/* +++
answers = "one row = one power, as it stood from valid_from on"
+++ */
create table powers as
select
    region_id,
    power_id,
    department_id,
    name,
    domain,
    subdomain,
    link,
    basis,
    holder,
    risk_level,
    likelihood,
    harm,
    managed_by,
    managed_by_level,
    measure,
    has_check_step,
    has_complaint_route,
    published,
    annual_uses,
    annual_amount_10k,
    rotation_due,
    valid_from,
    valid_to,
from read_parquet($files, union_by_name = true)
order by region_id, power_id, valid_from
