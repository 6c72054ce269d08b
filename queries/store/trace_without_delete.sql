/* +++
answers = "Nobody can delete a row of the trace, not even by hand"
+++ */
create trigger trace_without_delete before delete on trace
begin
    select raise(abort, 'what was recorded stays as it is');
end
