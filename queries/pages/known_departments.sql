/* +++
answers = "every department that was ever named, of every region"
needs = "words"
+++ */
select region_id, department_id, name, name_en, short_name, category, valid_from, valid_to, successor,
from departments
order by region_id, department_id
