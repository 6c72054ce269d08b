/* +++
answers = "Keeps one note, or the withdrawal of one, and answers with its number"
+++ */
insert into notes (
    region_id, department_id, quarter, kind, indicator, withdraws, text, who, at, snapshot, seen_quarter
)
values (
    $region_id, $department_id, $quarter, $kind, $indicator, $withdraws, $text, $who, $at, $snapshot, $seen_quarter
)
returning number
