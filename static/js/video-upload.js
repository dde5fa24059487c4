// <video-upload data-url data-max-bytes data-types data-piece {texts}> around a form with one file
// input. Sends the file in pieces by tus 1.0 (create, HEAD, PATCH, DELETE) and goes on where it
// stopped: data-left-url, data-left-name and data-left-bytes say what this person began before,
// in this browser or another. With the last piece it goes to data-next.
import { fill, make, seal } from "./page.js";

const TUS = "1.0.0";
const FIRST = 1 << 20;
const MOST = 4 << 20;
const WAITS = [1, 2, 5, 10, 20, 30];
const megabytes = (bytes) =>
  (bytes / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 0 });
const wait = (seconds) => new Promise((then) => setTimeout(then, seconds * 1000));
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

class Ended extends Error {}

customElements.define(
  "video-upload",
  class extends HTMLElement {
    connectedCallback() {
      this.form = this.querySelector("form");
      this.input = this.querySelector("input[type=file]");
      if (!this.input || this.status) return;
      this.status = make("div", { className: "drop-status", role: "status" });
      this.form.append(this.status);
      this.form.addEventListener("submit", (event) => {
        const file = this.input.files[0];
        if (!file) return;
        event.preventDefault();
        if (this.fault(file)) return;
        if (!this.busy) this.send(file);
      });
      this.stay = (event) => event.preventDefault();
    }

    fault(file) {
      const types = this.dataset.types.split(",");
      const ending = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
      const max = Number(this.dataset.maxBytes);
      let text = "";
      if (!types.includes(ending)) text = this.dataset.wrongType;
      else if (file.size > max) text = fill(this.dataset.tooBig, { size: megabytes(file.size), max: megabytes(max) });
      else if (!file.size) text = this.dataset.empty;
      if (text) this.error(text);
      return text;
    }

    error(text) {
      this.status.replaceChildren(make("span", { className: "error-message" }, text));
    }

    show(done, all) {
      if (!this.bar?.isConnected) {
        this.bar = make("progress", { max: 100, ariaLabel: this.dataset.uploading });
        this.line = make("span", { className: "num" });
        const cancel = make("button", { type: "button", className: "link-button" }, this.dataset.cancel);
        cancel.addEventListener("click", () => this.cancel());
        this.status.replaceChildren(this.bar, this.line, cancel);
      }
      this.bar.value = (100 * done) / all;
      this.line.textContent = fill(this.dataset.progress, {
        share: Math.floor(this.bar.value), done: megabytes(done), all: megabytes(all),
      });
    }

    async ask(method, url, headers = {}, body = undefined) {
      const answer = await fetch(url, {
        method, body, signal: this.stopped.signal,
        headers: { "Tus-Resumable": TUS, "X-CSRFToken": seal(), ...headers },
      });
      if (answer.redirected) throw new Ended(this.dataset.signIn);
      if ([403, 410, 413, 422].includes(answer.status)) {
        const said = await answer.json().catch(() => ({}));
        throw new Ended(said.error ?? this.dataset.failed);
      }
      if (!answer.ok && answer.status !== 409) throw new Error(answer.status);
      return answer;
    }

    /** Where this file is going, and how much of it is there. */
    async place(file) {
      const { leftUrl, leftName, leftBytes } = this.dataset;
      if (leftUrl && leftName === file.name && Number(leftBytes) === file.size) return leftUrl;
      const made = await this.ask("POST", this.dataset.url, {
        "Upload-Length": file.size, "Upload-Metadata": `filename ${base64(file.name)}`,
      });
      return made.headers.get("Location");
    }

    async send(file) {
      this.busy = true;
      this.stopped = new AbortController();
      addEventListener("beforeunload", this.stay);
      let tries = 0;
      let size = FIRST;
      let at = null;
      this.show(0, file.size);
      while (at !== file.size) {
        try {
          this.url ??= await this.place(file);
          if (at === null) at = Number((await this.ask("HEAD", this.url)).headers.get("Upload-Offset"));
          this.show(at, file.size);
          if (at === file.size) break;
          const began = performance.now();
          const answer = await this.ask(
            "PATCH", this.url,
            { "Content-Type": "application/offset+octet-stream", "Upload-Offset": at },
            file.slice(at, at + size),
          );
          at = Number(answer.headers.get("Upload-Offset"));
          const seconds = (performance.now() - began) / 1000;
          size = seconds < 2 ? Math.min(MOST, size * 2) : seconds > 8 ? Math.max(FIRST / 4, size / 2) : size;
          tries = 0;
          this.show(at, file.size);
        } catch (problem) {
          if (this.stopped.signal.aborted) return;
          if (problem instanceof Ended) return this.end(problem.message);
          at = null;
          size = Math.max(FIRST / 4, size / 2);
          this.line.textContent = this.dataset.waiting;
          await wait(WAITS[Math.min(tries++, WAITS.length - 1)]);
        }
      }
      removeEventListener("beforeunload", this.stay);
      location.assign(this.dataset.next);
    }

    end(text) {
      this.busy = false;
      this.url = undefined;
      removeEventListener("beforeunload", this.stay);
      this.error(text);
    }

    cancel() {
      this.stopped.abort();
      const url = this.url;
      this.end(this.dataset.cancelled);
      delete this.dataset.leftUrl;
      if (url) fetch(url, { method: "DELETE", headers: { "Tus-Resumable": TUS, "X-CSRFToken": seal() } });
    }
  },
);
