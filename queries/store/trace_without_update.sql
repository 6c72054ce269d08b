/* +++
answers = "Nobody can update a row of the trace, not even by hand"
+++ */
create trigger trace_without_update before update on trace
begin
    select raise(abort, 'what was recorded stays as it is');
end
