/* +++
answers = "Keeps one reply of a department, and answers with its number"
+++ */
insert into replies (
    rule, region_id, department_id, since, until, text, who, at, received, snapshot, quarter
)
values ($rule, $region_id, $department_id, $since, $until, $text, $who, $at, $received, $snapshot, $quarter)
returning number
