// <presence-bar data-url="…" data-section="code" data-one="{names} is here too"
//   data-many="{names} are here too"></presence-bar>
// POSTs `section` every 20 s while the page is seen; the answer is
// {"people": [{"name": "Marcus Okafor", "section": "data"}]}, without oneself. <auto-save>
// hands on the same list when its answers carry one.
import { fill, make, seal } from "./page.js";

customElements.define(
  "presence-bar",
  class extends HTMLElement {
    connectedCallback() {
      this.show = (event) => this.draw(event.detail);
      this.beat = () => document.visibilityState === "visible" && this.ask();
      document.addEventListener("closer:people", this.show);
      document.addEventListener("visibilitychange", this.beat);
      this.timer = setInterval(this.beat, 20000);
      this.beat();
    }

    disconnectedCallback() {
      clearInterval(this.timer);
      document.removeEventListener("closer:people", this.show);
      document.removeEventListener("visibilitychange", this.beat);
    }

    async ask() {
      const body = new URLSearchParams({ section: this.dataset.section ?? "" });
      try {
        const answer = await fetch(this.dataset.url, {
          method: "POST",
          headers: { "X-CSRFToken": seal(), "X-Unattended": "1", Accept: "application/json" },
          redirect: "manual",
          body,
        });
        if (answer.ok) this.draw((await answer.json()).people);
      } catch {
        // Presence is a courtesy: without a network it is silent.
      }
    }

    draw(people) {
      const here = people.filter(({ section }) => !section || section === this.dataset.section);
      const names = here.map(({ name }) => name).join(", ");
      const text = here.length === 1 ? this.dataset.one : this.dataset.many;
      this.replaceChildren(
        ...(names ? [make("p", { className: "presence" }, fill(text, { names }))] : []),
      );
    }
  },
);
