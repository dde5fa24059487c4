// What several elements need of their page.

/** "{n} words" filled from {n: 3}. */
export const fill = (text, values) =>
  (text ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** Whether single keys do something: a person can switch them off, for all pages of a browser. */
export const keysAreOn = () => localStorage.getItem("closer-keys") !== "off";
export const switchKeys = () => localStorage.setItem("closer-keys", keysAreOn() ? "off" : "on");

export const seal = () =>
  document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ?? "";

/** A node from a tag name, its properties and its children; text is never read as markup. */
export function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** A polite live region at the end of `parent`, for what must be heard. */
export function voice(parent) {
  const region = make("div", { className: "visually-hidden", role: "status" });
  parent.append(region);
  return (text) => {
    region.textContent = text;
  };
}
