/* +++
answers = "Adds one row to the trace"
+++ */
insert into trace (number, at, actor, role, address, action, what, result, detail, hash)
values ($number, $at, $actor, $role, $address, $action, $what, $result, $detail, $hash)
