/* +++
answers = "Nobody can delete a note, not even by hand"
+++ */
create trigger notes_without_delete before delete on notes
begin
    select raise(abort, 'what was recorded stays as it is');
end
