// Choosing a picture for the text: it is sent to the organisation's stock, and the text names what is kept there.
import { ask } from "/assets/editing_save.js";

const LARGEST = 5 * 2 ** 20;

/** Promises {source, alt} of the picture that was uploaded, or null if the user changed his mind. `lost`: called if the log-in is over. */
export function choosePicture(given, lost) {
  const dialog = document.querySelector("#picture");
  const file = dialog.querySelector("#picture-file");
  const alt = dialog.querySelector("#picture-alt");
  const fault = dialog.querySelector("#picture-fault");
  const send = dialog.querySelector("#picture-send");
  let chosen = null;
  Object.assign(file, { value: "" });
  Object.assign(alt, { value: "" });
  fault.textContent = "";

  const upload = async () => {
    const [picked] = file.files;
    if (!picked) { fault.textContent = "请选择图片文件。"; return; }
    if (picked.size > LARGEST) { fault.textContent = "图片超过 5 MB，请缩小后再上传。"; return; }
    const body = new FormData();
    body.append("file", picked);
    send.disabled = true;
    send.classList.add("btn-loading");
    try {
      const { source } = await ask(given.pictures, { csrf: given.csrf, body });
      chosen = { source, alt: alt.value.trim() };
      dialog.close();
    } catch (refused) {
      if (refused.isLost) {
        dialog.close();
        lost();
      } else fault.textContent = refused.status ? refused.message : "网络不通，图片没有上传。";
    } finally {
      send.disabled = false;
      send.classList.remove("btn-loading");
    }
  };

  send.addEventListener("click", upload);
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      send.removeEventListener("click", upload);
      done(chosen);
    }, { once: true });
    dialog.showModal();
  });
}
