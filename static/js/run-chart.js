// Shows the value of the [data-value] under the pointer, or with the arrow keys.
import { make } from "./page.js";

customElements.define(
  "run-chart",
  class extends HTMLElement {
    connectedCallback() {
      this.points = [...this.querySelectorAll("[data-value]")];
      if (!this.points.length || this.readout) return;
      this.readout = make("div", { className: "readout", role: "status", hidden: true });
      this.append(this.readout);
      this.tabIndex = 0;
      this.role = "group";
      this.ariaLabel = this.querySelector("title")?.textContent ?? "";
      this.addEventListener("pointermove", (event) => this.show(this.nearest(event.clientX)));
      this.addEventListener("pointerleave", () => this.hide());
      this.addEventListener("blur", () => this.hide());
      this.addEventListener("focus", () => this.show(this.points.length - 1));
      this.addEventListener("keydown", (event) => this.step(event));
    }

    nearest(x) {
      const away = this.points.map((point) => {
        const box = point.getBoundingClientRect();
        return Math.abs(box.left + box.width / 2 - x);
      });
      return away.indexOf(Math.min(...away));
    }

    step(event) {
      const last = this.points.length - 1;
      const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: last }[event.key];
      if (event.key === "Escape") this.hide();
      if (to === undefined) return;
      event.preventDefault();
      this.show(Math.max(0, Math.min(last, to)));
    }

    show(index) {
      if (index === this.at && !this.readout.hidden) return;
      this.points[this.at]?.removeAttribute("data-lit");
      this.at = index;
      const point = this.points[index];
      point.setAttribute("data-lit", "");
      this.readout.textContent = `${point.dataset.label}: ${point.dataset.value}`;
      this.readout.hidden = false;
      const frame = this.getBoundingClientRect();
      const box = point.getBoundingClientRect();
      const half = this.readout.offsetWidth / 2;
      const x = box.left + box.width / 2 - frame.left;
      this.readout.style.left = `${Math.max(0, Math.min(frame.width - 2 * half, x - half))}px`;
      this.readout.style.top = `${Math.max(0, box.top - frame.top - this.readout.offsetHeight - 8)}px`;
    }

    hide() {
      this.points[this.at]?.removeAttribute("data-lit");
      this.readout.hidden = true;
    }
  },
);
