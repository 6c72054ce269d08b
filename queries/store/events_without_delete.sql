/* +++
answers = "Nobody can delete what was recorded, not even by hand"
+++ */
create trigger events_without_delete before delete on events
begin
    select raise(abort, 'what was recorded stays as it is');
end
