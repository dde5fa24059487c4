// <read-keys> around links with rel=prev and rel=next: K and J follow them, unless the person has
// switched keys off in the list.
import { keysAreOn } from "./page.js";

customElements.define(
  "read-keys",
  class extends HTMLElement {
    connectedCallback() {
      this.keys = (event) => this.press(event);
      document.addEventListener("keydown", this.keys);
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this.keys);
    }

    press(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || !keysAreOn()) return;
      if (event.target.closest("input, textarea, select, dialog, video, [popover]")) return;
      const rel = { j: "next", k: "prev" }[event.key.toLowerCase()];
      if (rel) this.querySelector(`a[rel=${rel}]`)?.click();
    }
  },
);
