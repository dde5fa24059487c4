// Loads what a page uses: each custom element by its name, and htmx where an hx- attribute
// stands. The imports are literal, so that the manifest storage can put the hashes in.
const elements = {
  "auto-save": () => import("./auto-save.js"),
  "copy-button": () => import("./copy-button.js"),
  "file-drop": () => import("./file-drop.js"),
  "job-progress": () => import("./job-progress.js"),
  "login-clock": () => import("./login-clock.js"),
  "local-time": () => import("./local-time.js"),
  "paste-grid": () => import("./paste-grid.js"),
  "presence-bar": () => import("./presence-bar.js"),
  "read-keys": () => import("./read-keys.js"),
  "row-select": () => import("./row-select.js"),
  "run-chart": () => import("./run-chart.js"),
  "video-upload": () => import("./video-upload.js"),
  "word-count": () => import("./word-count.js"),
};
const wanted = new Set();
document.documentElement.classList.add("scripted");

function scan(root) {
  for (const [name, load] of Object.entries(elements)) {
    if (!wanted.has(name) && root.querySelector(name)) {
      wanted.add(name);
      load();
    }
  }
}

scan(document);
document.addEventListener("htmx:load", (event) => scan(event.target.parentNode ?? document));

if (document.querySelector("[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]")) {
  const script = document.createElement("script");
  script.src = document.querySelector('meta[name="htmx-src"]').content;
  const add = () => document.head.append(script);
  // htmx begins on DOMContentLoaded or, when it comes later, only on a complete page.
  if (document.readyState === "complete") add();
  else addEventListener("load", add);
}

// Signing out leaves no text behind in this browser.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-forget]")) return;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("closer:")) localStorage.removeItem(key);
  }
});
