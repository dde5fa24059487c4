// <login-clock data-url data-seconds="1800" data-warning="…" data-stay="…" data-over="…"
//   data-signin="…" data-signin-url="…">: two minutes before a login ends it says so and offers to
// stay. data-url answers {"seconds": 1740}: a GET that is marked as unattended uses nothing up, a
// POST counts as use. Other tabs count too, so it asks before it warns.
import { make, seal } from "./page.js";

const NOTICE = 120;

customElements.define(
  "login-clock",
  class extends HTMLElement {
    connectedCallback() {
      this.wake = () => document.visibilityState === "visible" && Date.now() > this.next && this.look();
      document.addEventListener("visibilitychange", this.wake);
      this.plan(Number(this.dataset.seconds));
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      document.removeEventListener("visibilitychange", this.wake);
    }

    plan(seconds) {
      clearTimeout(this.timer);
      this.replaceChildren();
      this.after(Math.max(0, seconds - NOTICE));
    }

    after(seconds) {
      this.next = Date.now() + seconds * 1000;
      this.timer = setTimeout(() => this.look(), seconds * 1000);
    }

    /** Seconds left; 0 when the login is over, null when nobody answers. */
    async ask(options) {
      try {
        const answer = await fetch(this.dataset.url, { redirect: "manual", ...options });
        return answer.ok ? (await answer.json()).seconds : 0;
      } catch {
        return null;
      }
    }

    async look() {
      const seconds = await this.ask({ headers: { Accept: "application/json", "X-Unattended": "1" } });
      if (seconds === null) this.after(NOTICE / 4);
      else if (seconds === 0) this.over();
      else if (seconds > NOTICE) this.plan(seconds);
      else {
        this.warn();
        this.after(seconds + 1);
      }
    }

    warn() {
      if (this.firstChild) return;
      const button = make("button", { type: "button", className: "btn btn-primary btn-small" }, this.dataset.stay);
      button.addEventListener("click", () => this.stay());
      this.say(this.dataset.warning, button);
    }

    async stay() {
      const body = new URLSearchParams({ csrfmiddlewaretoken: seal() });
      const seconds = await this.ask({ method: "POST", headers: { Accept: "application/json" }, body });
      if (seconds === 0) this.over();
      else if (seconds > NOTICE) this.plan(seconds);
    }

    over() {
      clearTimeout(this.timer);
      const link = make("a", { className: "btn btn-primary btn-small", href: this.dataset.signinUrl, target: "_blank" }, this.dataset.signin);
      this.say(this.dataset.over, link);
      this.next = Infinity;
    }

    say(text, action) {
      this.replaceChildren(make("div", { className: "login-clock", role: "alert" }, make("p", {}, text), action));
    }
  },
);
