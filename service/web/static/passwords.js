// Beside each password a button that shows and hides it. A form that is sent hides it again, so that no browser keeps it as plain text.
export function showPasswords() {
  for (const input of document.querySelectorAll("input[type=password]")) if (!input.parentElement.matches(".password")) dress(input);
  document.addEventListener("htmx:load", ({ target }) => {
    for (const input of target.querySelectorAll?.("input[type=password]") ?? []) if (!input.parentElement.matches(".password")) dress(input);
  });
}

function dress(input) {
  const box = document.createElement("div"), button = document.createElement("button");
  const hasFocus = document.activeElement === input;
  box.className = "password";
  button.className = "password-toggle";
  button.type = "button";
  input.replaceWith(box);
  box.append(input, button);
  if (hasFocus) input.focus();
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.textContent = isShown ? "隐藏" : "显示";
    button.setAttribute("aria-label", isShown ? "隐藏密码" : "显示密码");
    button.setAttribute("aria-pressed", isShown);
  };
  show(false);
  button.addEventListener("click", () => show(input.type === "password"));
  input.form?.addEventListener("submit", () => show(false));
}
