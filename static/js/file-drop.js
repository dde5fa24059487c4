// <file-drop data-max-bytes data-types=".pdf,.jpg" [data-auto] {texts: file_drop_strings.html}>
// around an upload form with one file input. Sends it with progress and expects {"next": "/url/"}
// or, with 4xx, {"error": "sentence"}; no JSON: sends it the plain way. data-auto: once chosen.
import { fill, make } from "./page.js";

const megabytes = (bytes) => (bytes / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

customElements.define(
  "file-drop",
  class extends HTMLElement {
    connectedCallback() {
      this.form = this.querySelector("form");
      this.input = this.querySelector("input[type=file]");
      if (!this.input || this.status) return;
      const name = make("span", {}, this.dataset.none);
      const choose = make("button", { type: "button", className: "btn btn-secondary" }, this.dataset.choosePhoto ?? this.dataset.choose);
      choose.setAttribute("aria-describedby", `${this.input.id}-chosen`);
      name.id = `${this.input.id}-chosen`;
      this.input.classList.add("visually-hidden");
      this.input.tabIndex = -1;
      this.input.after(make("span", { className: "actions" }, choose, name));
      this.status = make("div", { className: "drop-status", role: "status" });
      this.form.append(this.status);
      choose.addEventListener("click", () => this.input.click());
      this.input.addEventListener("change", () => {
        const file = this.input.files[0];
        name.textContent = file?.name ?? this.dataset.none;
        this.status.replaceChildren();
        if (file && !this.fault(file) && "auto" in this.dataset) this.send();
      });
      for (const type of ["dragover", "dragleave", "drop"]) {
        this.addEventListener(type, (event) => this.drag(event));
      }
      this.form.addEventListener("submit", (event) => {
        const file = this.input.files[0];
        if (!file) return;
        event.preventDefault();
        if (!this.fault(file)) this.send();
      });
      this.stay = (event) => event.preventDefault();
    }

    drag(event) {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.toggleAttribute("data-over", event.type === "dragover");
      if (event.type !== "drop") return;
      this.input.files = event.dataTransfer.files;
      this.input.dispatchEvent(new Event("change"));
    }

    fault(file) {
      const types = (this.dataset.types ?? "").toLowerCase().split(",").filter(Boolean);
      const ending = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
      const max = Number(this.dataset.maxBytes);
      let text = "";
      if (types.length && !types.includes(ending)) text = this.dataset.wrongType;
      else if (max && file.size > max) text = fill(this.dataset.tooBig, { size: megabytes(file.size), max: megabytes(max) });
      else if (file.size === 0) text = this.dataset.empty;
      if (text) this.error(text);
      return text;
    }

    error(text) {
      this.status.replaceChildren(make("span", { className: "error-message" }, text));
    }

    send() {
      const request = new XMLHttpRequest();
      const bar = make("progress", { max: 100, value: 0, ariaLabel: this.dataset.uploading });
      const line = make("span", { className: "num" }, this.dataset.uploading);
      const cancel = make("button", { type: "button", className: "link-button" }, this.dataset.cancel);
      cancel.addEventListener("click", () => request.abort());
      this.status.replaceChildren(bar, line, cancel);
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        bar.value = (100 * loaded) / total;
        const share = Math.round(bar.value);
        line.textContent = fill(this.dataset.progress, { share, done: megabytes(loaded), all: megabytes(total) });
      });
      request.addEventListener("load", () => this.end(request));
      request.addEventListener("error", () => this.error(this.dataset.failed));
      request.addEventListener("abort", () => this.error(this.dataset.cancelled));
      request.addEventListener("loadend", () => removeEventListener("beforeunload", this.stay));
      addEventListener("beforeunload", this.stay);
      request.open("POST", this.form.action);
      request.setRequestHeader("Accept", "application/json");
      request.send(new FormData(this.form));
    }

    end(request) {
      let answer;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        if (request.status < 500) HTMLFormElement.prototype.submit.call(this.form);
        else this.error(this.dataset.failed);
        return;
      }
      if (answer.error) this.error(answer.error);
      else if (answer.next?.startsWith("/")) location.assign(answer.next);
      else this.error(this.dataset.failed);
    }
  },
);
