// <presence-bar data-url="…" data-section="code" data-one="{names} is here too"
//   data-many="{names} are here too" data-typing="{name} is typing here."
//   data-take="Take over"></presence-bar>
// POSTs `section` every 20 s while the page is seen; the answer is
// {"people": [{"name": "Marcus Okafor", "section": "data"}],
//  "typing": [{"field": "code", "name": "Marcus Okafor"}]}, without oneself. <auto-save>
// hands on the same list of people when its answers carry one. A long text in which somebody else
// is typing can be read until they pause or it is taken over; never one that is being written in.
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
        if (!answer.ok) return;
        const { people, typing = [] } = await answer.json();
        this.draw(people);
        this.hold(typing);
      } catch {
        // Presence is a courtesy: without a network it is silent.
      }
    }

    hold(typing) {
      const names = new Map(typing.map(({ field, name }) => [field, name]));
      for (const note of document.querySelectorAll(".held")) {
        const question = note.closest("[data-field]");
        if (!question || names.has(question.dataset.field)) continue;
        note.remove(); // they paused: show what they wrote, and let it be changed
        question.querySelector("textarea").readOnly = false;
        document.dispatchEvent(new CustomEvent("closer:refresh"));
      }
      const taken = new URLSearchParams(location.search).get("take");
      for (const [code, name] of names) {
        if (code === taken) continue; // by the link of the page without script
        const question = document.querySelector(`[data-field="${CSS.escape(code)}"]`);
        const box = question?.querySelector("textarea");
        if (!box || box.readOnly || "taken" in question.dataset) continue;
        if (box === document.activeElement || box.value !== box.defaultValue) continue;
        box.readOnly = true;
        const take = make("button", { type: "button", className: "btn btn-secondary btn-small" }, this.dataset.take);
        const note = make("p", { className: "presence held" }, fill(this.dataset.typing, { name }), " ", take);
        take.addEventListener("click", () => {
          question.dataset.taken = "";
          box.readOnly = false;
          note.remove();
          document.dispatchEvent(new CustomEvent("closer:refresh"));
          box.focus();
        });
        box.after(note);
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
