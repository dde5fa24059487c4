// <word-count for="id" data-max="250" data-count="{n} words" data-left="{n} words left"
//   data-over="{n} words too many">250 words at most</word-count>
// Counts as the server does. One may go over and trim; nothing is cut off.
import { fill, voice } from "./page.js";

customElements.define(
  "word-count",
  class extends HTMLElement {
    connectedCallback() {
      const box = document.getElementById(this.getAttribute("for"));
      if (!box || this.line) return;
      this.line = document.createElement("span");
      this.replaceChildren(this.line);
      const say = voice(this);
      let pause;
      const update = () => {
        const n = box.value.trim() ? box.value.trim().split(/\s+/).length : 0;
        const max = Number(this.dataset.max);
        const over = max && n > max;
        const text = !max ? this.dataset.count : over ? this.dataset.over : this.dataset.left;
        this.line.textContent = fill(text, { n: max ? Math.abs(max - n) : n });
        this.line.className = over ? "over" : "";
      };
      box.addEventListener("input", () => {
        update();
        clearTimeout(pause);
        pause = setTimeout(() => say(this.line.textContent), 1200);
      });
      update();
    }
  },
);
