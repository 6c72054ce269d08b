/* +++
answers = "Keeps one step of a follow-up after the one that it follows, and answers with its number"
+++ */
insert into events (
    rule, region_id, department_id, since, until, level, follows, state, owner, due, note, outcome, who, at, snapshot,
    quarter
)
values (
    $rule, $region_id, $department_id, $since, $until, $level, $follows, $state, $owner, $due, $note, $outcome, $who,
    $at, $snapshot, $quarter
)
returning number
