// <copy-button data-text="…" data-done="Copied"><button type="button">Copy link</button>
import { voice } from "./page.js";

customElements.define(
  "copy-button",
  class extends HTMLElement {
    connectedCallback() {
      const button = this.querySelector("button");
      if (!button || this.say) return;
      this.say = voice(this);
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(this.dataset.text);
        const before = [...button.childNodes];
        button.replaceChildren(this.dataset.done);
        this.say(this.dataset.done);
        setTimeout(() => button.replaceChildren(...before), 2000);
      });
    }
  },
);
