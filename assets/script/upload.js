// Sends the files of a form marked data-upload as they are, and then shows what the server says of them.
const saidOf = (form) => form.querySelector(".upload-said");

function sendFiles(form) {
  const files = [...form.querySelector("input[type=file]").files];
  if (!files.length) return;
  if (files.reduce((sum, file) => sum + file.size, 0) > Number(form.dataset.largest)) {
    saidOf(form).textContent = form.dataset.tooLarge;
    return;
  }
  const body = new FormData();
  files.forEach((file) => body.append("file", file, file.name));
  const request = new XMLHttpRequest(); // fetch cannot tell how much is sent
  const button = form.querySelector("button");
  const failed = (words) => {
    button.disabled = false;
    saidOf(form).textContent = words;
  };
  button.disabled = true;
  saidOf(form).textContent = form.dataset.sending;
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) saidOf(form).textContent = `${form.dataset.sending} ${Math.round((100 * event.loaded) / event.total)}%`;
  };
  request.onload = () => {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // no answer of ours: said below
    }
    if (!answer.upload) return failed(answer.error || form.dataset.failed);
    const then = new URL(form.dataset.then, location.href);
    then.searchParams.set("upload", answer.upload);
    window.dash_clientside.set_props("url", { search: then.search });
    return undefined;
  };
  request.onerror = () => failed(form.dataset.failed);
  request.open("POST", form.dataset.upload);
  request.send(body);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (!form) return;
  event.preventDefault();
  sendFiles(form);
});

// The field itself is hidden: what it holds is said in the page's own words.
document.addEventListener("change", (event) => {
  const drop = event.target.matches("input[type=file]") && event.target.closest(".upload-drop");
  if (drop) drop.querySelector(".chosen").textContent = [...event.target.files].map((file) => file.name).join(", ");
});

// Files may be dropped on the field as well; what is over it shows so.
["dragover", "dragleave", "drop"].forEach((kind) => document.addEventListener(kind, (event) => {
  const field = event.target.closest && event.target.closest(".upload-drop");
  if (!field) return;
  event.preventDefault();
  field.classList.toggle("over", kind === "dragover");
  if (kind === "drop" && event.dataTransfer.files.length) {
    const input = field.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}));

// A text to be sent on is copied with one press.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copies]");
  if (!button) return;
  await copy(button.parentElement.querySelector(button.dataset.copies).textContent);
  const before = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = before; }, 2000);
});
