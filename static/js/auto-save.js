// <auto-save data-url data-key data-refresh="#fields" {texts: auto_save_strings.html}> around a form.
// Questions: <div data-field="code" data-rev="3">; data-private: never stored in the browser;
// data-shows: others depend on it, so data-refresh is fetched again; data-exclusive checkboxes.
// POSTs the changed controls as the form would, with _changed=code, _rev.code=3, _key=uuid. Answer:
//   {"revisions": {"code": 4}, "saved_at": "10:42 a.m.", "people": […],
//    "conflicts": [{"field": "code", "theirs": "text", "name": "Marcus Okafor", "revision": 5}],
//    "note": "what the person should know about this save"}
// 200, or 409 with conflicts; 401 or a redirect: sign in again; 410, 423: closed, {"detail": "…"};
// anything else is tried again while the text is kept.
import { fill, make, seal, voice } from "./page.js";

const PAUSE = 1500;
const LONGEST = 10000;

const asks = (question) =>
  [...question.querySelectorAll("[name]")].map(({ id, name }) => `${name} ${id}`).join();

customElements.define(
  "auto-save",
  class extends HTMLElement {
    connectedCallback() {
      this.form = this.querySelector("form");
      if (!this.form || this.changed) return;
      this.changed = new Map(); // code -> since when
      this.known = new Map(); // code -> what the server has
      this.sent = new Map(); // code -> what was sent and may have arrived, without an answer
      this.wait = 0;
      this.form.autocomplete = "off"; // going back shows what stands, not what stood here before
      this.say = voice(this);
      this.line = document.getElementById(this.dataset.line || "saved-line");
      this.allSaved = this.line?.querySelector("span").textContent;
      this.form.addEventListener("input", (event) => this.note(event, PAUSE));
      this.form.addEventListener("change", (event) => {
        this.exclude(event.target);
        this.note(event, 0);
      });
      this.form.addEventListener("submit", () => {
        this.leaving = true;
        clearTimeout(this.timer);
      });
      this.hide = () => document.visibilityState === "hidden" && this.save({ keepalive: true });
      this.stay = (event) => this.changed.size && !this.leaving && event.preventDefault();
      this.back = () => this.signedOut && this.renew();
      document.addEventListener("visibilitychange", this.hide);
      addEventListener("pagehide", this.hide);
      addEventListener("focus", this.back);
      addEventListener("online", (this.online = () => this.save()));
      document.addEventListener("closer:refresh", (this.anew = () => this.refresh()));
      this.restore();
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      document.removeEventListener("visibilitychange", this.hide);
      removeEventListener("pagehide", this.hide);
      removeEventListener("focus", this.back);
      removeEventListener("online", this.online);
      document.removeEventListener("closer:refresh", this.anew);
      removeEventListener("beforeunload", this.stay);
    }

    // --- what is on the page ---

    question(code) {
      return this.form.querySelector(`[data-field="${CSS.escape(code)}"]`);
    }

    entries(code) {
      const inside = new Set(this.question(code)?.querySelectorAll("[name]"));
      const found = [];
      for (const control of inside) {
        if (control.disabled || control.type === "file" || control.name.startsWith("_")) continue;
        if (["checkbox", "radio"].includes(control.type) && !control.checked) continue;
        if (control.multiple) {
          for (const option of control.selectedOptions) found.push([control.name, option.value]);
        } else {
          found.push([control.name, control.value]);
        }
      }
      return found;
    }

    /** The plain form carries the revision too, in a hidden field of the question. */
    revise(question, revision) {
      question.dataset.rev = revision;
      const field = question.querySelector(`input[name="_rev.${CSS.escape(question.dataset.field)}"]`);
      if (field) field.value = revision;
    }

    snapshot(code, entries = this.entries(code)) {
      return JSON.stringify(entries.map(([name, value]) => [name, value.trim()]));
    }

    put(code, entries) {
      const left = [...entries];
      for (const control of this.question(code).querySelectorAll("[name]")) {
        const choice = ["checkbox", "radio"].includes(control.type);
        const at = left.findIndex(([name, value]) => name === control.name && (!choice || value === control.value));
        if (choice) control.checked = at >= 0;
        else if (at >= 0) control.value = left.splice(at, 1)[0][1];
      }
    }

    /** "None of these" and the others rule each other out. */
    exclude(box) {
      if (box.type !== "checkbox" || !box.checked) return;
      const alone = "exclusive" in box.dataset;
      for (const other of box.closest("[data-field]")?.querySelectorAll("input[type=checkbox]") ?? []) {
        if (other !== box && other.name === box.name && (alone || "exclusive" in other.dataset)) other.checked = false;
      }
    }

    // --- when to save ---

    note(event, pause) {
      const code = event.target.closest("[data-field]")?.dataset.field;
      if (!code || this.closed || this.known.get(code) === this.snapshot(code)) return;
      this.known.delete(code);
      if (!this.changed.has(code)) this.changed.set(code, Date.now());
      this.keep(code);
      if (this.wait) return;
      const oldest = Math.min(...this.changed.values());
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(pause, oldest + LONGEST - Date.now())));
    }

    async save({ keepalive = false } = {}) {
      clearTimeout(this.timer);
      if (!this.changed.size || this.busy || this.closed) return;
      this.busy = true;
      const sent = new Map([...this.changed.keys()].map((code) => [code, this.snapshot(code)]));
      for (const [code, text] of sent) {
        this.sent.set(code, [...new Set([...(this.sent.get(code) ?? []), text])].slice(-9));
        this.keep(code);
      }
      const body = this.body(sent);
      this.show("saving", this.dataset.saving);
      let answer;
      try {
        answer = await fetch(this.dataset.url, {
          method: "POST",
          headers: { Accept: "application/json" },
          redirect: "manual",
          keepalive,
          body,
        });
        await this.hear(answer, sent);
      } catch {
        this.later();
      } finally {
        this.busy = false;
      }
      if (this.changed.size && !this.wait && !this.signedOut) this.timer = setTimeout(() => this.save(), PAUSE);
    }

    body(sent) {
      const body = new URLSearchParams({ csrfmiddlewaretoken: seal() });
      for (const code of sent.keys()) {
        body.append("_changed", code);
        body.append(`_rev.${code}`, this.question(code)?.dataset.rev ?? "0");
        for (const [name, value] of this.entries(code)) body.append(name, value);
      }
      const same = JSON.stringify([...sent].map(([code, text]) => [code, text, this.question(code)?.dataset.rev]));
      if (same !== this.lastSent) [this.lastSent, this.sendKey] = [same, this.keyOf(same, sent)];
      body.append("_key", this.sendKey);
      return body;
    }

    /** A page that is loaded again sends the same words with the same key: whichever of the two
     * saves comes second is known, and can't put them over newer ones. */
    keyOf(same, sent) {
      const last = JSON.parse(localStorage.getItem(this.slot("")) ?? "{}");
      if (last.same === same) return last.key;
      const key = crypto.randomUUID();
      const isPrivate = [...sent.keys()].some((code) => this.question(code)?.closest("[data-private]"));
      try {
        if (!isPrivate) localStorage.setItem(this.slot(""), JSON.stringify({ same, key }));
      } catch {
        // As in keep().
      }
      return key;
    }

    async hear(answer, sent) {
      if (answer.type === "opaqueredirect" || answer.status === 401) return this.askToSignIn();
      if (answer.status === 403) return this.renew();
      if (answer.status === 410 || answer.status === 423) {
        this.closed = true;
        const { detail } = await answer.json();
        this.show("failed", detail);
        return this.say(detail);
      }
      if (!answer.ok && answer.status !== 409) return this.later();
      const news = await answer.json();
      this.wait = 0;
      removeEventListener("beforeunload", this.stay);
      let shows = false;
      const lost = new Set((news.conflicts ?? []).map(({ field }) => field));
      for (const [code, revision] of Object.entries(news.revisions ?? {})) {
        const question = this.question(code);
        if (!question || lost.has(code)) continue; // a conflict's revision is taken by the choice
        this.revise(question, revision);
        question.querySelector(".conflict")?.remove();
        shows ||= "shows" in question.dataset;
        if (this.snapshot(code) === sent.get(code)) this.settle(code);
      }
      for (const conflict of news.conflicts ?? []) this.conflict(conflict);
      if (news.people) document.dispatchEvent(new CustomEvent("closer:people", { detail: news.people }));
      this.allSaved = fill(this.dataset.saved, { time: news.saved_at });
      this.rest();
      if (shows) await this.refresh();
      if (news.note) this.tell(news.note);
    }

    rest() {
      if (!this.changed.size && !this.form.querySelector(".conflict")) this.show("saved", this.allSaved);
    }

    /** Above the buttons, and spoken. */
    tell(text) {
      this.querySelector(".save-note")?.remove();
      const note = make("p", { className: "note save-note" }, text);
      [...this.form.querySelectorAll(".actions")].at(-1)?.before(note);
      this.say(text);
    }

    settle(code) {
      this.known.set(code, this.snapshot(code));
      this.changed.delete(code);
      this.sent.delete(code);
      localStorage.removeItem(this.slot(code));
      if (!this.changed.size) localStorage.removeItem(this.slot(""));
    }

    later() {
      this.wait = Math.min((this.wait || 1000) * 2, 60000);
      this.show("waiting", this.dataset.waiting);
      if (this.wait === 2000) this.say(this.dataset.waiting);
      addEventListener("beforeunload", this.stay);
      this.timer = setTimeout(() => {
        this.wait ||= 1;
        this.save();
      }, this.wait);
    }

    show(state, text) {
      if (!this.line) return;
      this.line.dataset.state = state;
      this.line.querySelector("span").textContent = text;
      const use = this.line.querySelector("use");
      const icon = { saved: "cloud-check", saving: "refresh-cw" }[state] ?? "cloud-off";
      use?.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${icon}`);
    }

    // --- kept in this browser until it is saved ---

    slot(code) {
      return `closer:${this.dataset.key}:${code}`;
    }

    keep(code) {
      const question = this.question(code);
      if (question.closest("[data-private]")) return;
      const kept = { rev: question.dataset.rev, entries: this.entries(code), sent: this.sent.get(code) };
      try {
        localStorage.setItem(this.slot(code), JSON.stringify(kept));
      } catch {
        // Full or forbidden: the page itself still holds the text.
      }
    }

    /** Typed before this script came. */
    touched(question) {
      return [...question.querySelectorAll("[name]")].some(
        (control) =>
          (control.defaultValue !== undefined && control.value !== control.defaultValue) ||
          (control.defaultChecked !== undefined && control.checked !== control.defaultChecked),
      );
    }

    restore() {
      for (const question of this.form.querySelectorAll("[data-field]")) {
        const code = question.dataset.field;
        const stored = localStorage.getItem(this.slot(code));
        if (!stored) {
          if (this.touched(question)) {
            this.changed.set(code, Date.now());
            this.keep(code);
          }
          continue;
        }
        const { rev, entries, sent = [] } = JSON.parse(stored);
        const standing = this.snapshot(code);
        if (this.snapshot(code, entries) === standing) {
          localStorage.removeItem(this.slot(code));
          continue;
        }
        const theirs = this.entries(code).map(([, value]) => value).join("\n");
        this.put(code, entries);
        this.sent.set(code, sent);
        const revision = question.dataset.rev;
        const isOwn = sent.includes(standing); // a save whose answer never came
        // Words that are newer than this page were typed on the answer to a save it has not seen.
        if (!isOwn) this.revise(question, rev);
        if (isOwn || Number(rev) >= Number(revision)) this.changed.set(code, Date.now());
        else this.conflict({ field: code, theirs, revision });
      }
      if (this.changed.size) this.save();
    }

    // --- two people, one answer ---

    conflict({ field, theirs, name = "", revision }) {
      const question = this.question(field);
      if (!question) return;
      this.changed.delete(field);
      question.querySelector(".conflict")?.remove();
      const text = fill(name ? this.dataset.conflict : this.dataset.conflictUnknown, { name });
      const boxes = [...question.querySelectorAll("textarea, input[type=text], input:not([type])")];
      const box = boxes.length === 1 ? boxes[0] : null;
      const block = make("div", { className: "conflict", role: "group", ariaLabel: text });
      const choose = (label, act) => {
        const button = make("button", { type: "button", className: "btn btn-secondary btn-small" }, label);
        button.addEventListener("click", () => {
          this.revise(question, revision);
          block.remove();
          act();
        });
        return button;
      };
      const send = () => {
        this.changed.set(field, Date.now());
        this.keep(field);
        this.save();
      };
      const buttons = [
        choose(this.dataset.mine, send),
        choose(this.dataset.theirs, () => {
          localStorage.removeItem(this.slot(field));
          if (!box) return location.reload();
          box.value = theirs;
          this.rest();
        }),
      ];
      if (box?.localName === "textarea") {
        buttons.push(choose(this.dataset.both, () => {
          box.value = `${theirs}\n\n${box.value}`;
          box.focus();
          send();
        }));
      }
      block.append(make("p", {}, text), make("blockquote", { dir: "auto" }, theirs), make("p", { className: "actions" }, ...buttons));
      question.append(block);
      this.show("failed", text);
      this.say(text);
    }

    // --- signed out, or the form's seal is old ---

    askToSignIn() {
      this.show("waiting", this.dataset.signin);
      if (this.signedOut) return;
      this.signedOut = true;
      addEventListener("beforeunload", this.stay);
      const close = make("button", { type: "button", className: "btn btn-quiet" }, this.dataset.close);
      const link = make("a", { className: "btn btn-primary", href: this.dataset.signinUrl, target: "_blank" }, this.dataset.signinAction);
      this.dialog = make("dialog", {}, make("p", {}, this.dataset.signin), make("p", { className: "actions" }, link, close));
      close.addEventListener("click", () => this.dialog.close());
      this.append(this.dialog);
      this.dialog.showModal();
    }

    async renew() {
      const page = await this.fetchPage();
      const fresh = page?.querySelector('input[name="csrfmiddlewaretoken"]')?.value;
      if (!fresh) return this.askToSignIn();
      for (const input of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) input.value = fresh;
      this.signedOut = false;
      this.dialog?.remove();
      this.later();
    }

    async fetchPage() {
      const answer = await fetch(location.href, { redirect: "manual" });
      if (!answer.ok) return null;
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    }

    // --- questions that depend on an answer ---

    /** What is being typed or chosen here, or was saved while the page was fetched, stays. */
    isAhead(here, there, focused) {
      const open = this.changed.has(here.dataset.field) || here.querySelector(".conflict");
      return open || here.contains(focused) || Number(here.dataset.rev) > Number(there.dataset.rev);
    }

    async refresh() {
      const old = this.querySelector(this.dataset.refresh);
      const page = old && (await this.fetchPage());
      const fresh = page?.querySelector(this.dataset.refresh);
      if (!fresh) return;
      const focused = document.activeElement;
      const typed = [];
      for (const here of this.form.querySelectorAll("[data-field]")) {
        const code = here.dataset.field;
        const there = fresh.querySelector(`[data-field="${CSS.escape(code)}"]`);
        if (!there || !this.isAhead(here, there, focused)) continue;
        if (asks(there) === asks(here)) there.replaceWith(here);
        else typed.push([code, this.entries(code), here.dataset.rev]); // it has other rows now
      }
      old.replaceChildren(...fresh.childNodes);
      for (const [code, entries, revision] of typed) {
        this.put(code, entries);
        this.revise(this.question(code), revision);
      }
      const back = focused?.isConnected ? focused : document.getElementById(focused?.id);
      back?.focus({ preventScroll: true });
    }
  },
);
