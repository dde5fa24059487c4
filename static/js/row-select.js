// <row-select data-count="{n} selected"> around a form with <div data-bulk><b data-count>… [data-clear]
// and a table: <td class="pick"><input type="checkbox">, in the head one with data-all.
// A box with data-row stands for all boxes of its row.
// J and K move, X selects, / searches; data-keys="off" or a button [data-keys-toggle]: no keys.
import { fill, keysAreOn, switchKeys } from "./page.js";

customElements.define(
  "row-select",
  class extends HTMLElement {
    connectedCallback() {
      if (this.ready) return;
      this.ready = true;
      this.bar = this.querySelector("[data-bulk]");
      this.addEventListener("change", (event) => {
        if (event.target.matches("[data-all]")) this.pick(event.target.checked);
        if (event.target.matches("[data-row]")) {
          for (const box of this.boxes(event.target.closest("tr"))) box.checked = event.target.checked;
        }
        this.draw();
      });
      this.addEventListener("click", (event) => {
        if (event.target.closest("[data-clear]")) {
          this.pick(false);
          this.draw();
        }
      });
      this.keys = (event) => this.press(event);
      document.addEventListener("keydown", this.keys);
      const toggle = document.querySelector("[data-keys-toggle]");
      toggle?.setAttribute("aria-pressed", String(this.listening()));
      toggle?.addEventListener("click", () => {
        switchKeys();
        toggle.setAttribute("aria-pressed", String(this.listening()));
      });
      this.draw();
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this.keys);
    }

    listening() {
      return this.dataset.keys !== "off" && keysAreOn();
    }

    boxes(within = this) {
      return [...within.querySelectorAll(".pick input[type=checkbox]:not([data-all], [data-row])")];
    }

    pick(on) {
      for (const box of this.boxes()) box.checked = on;
    }

    draw() {
      const boxes = this.boxes();
      const n = boxes.filter((box) => box.checked).length;
      this.sum(this.querySelector("[data-all]"), boxes);
      for (const whole of this.querySelectorAll("[data-row]")) {
        this.sum(whole, this.boxes(whole.closest("tr")));
      }
      if (!this.bar) return;
      this.bar.hidden = n === 0;
      this.bar.querySelector("[data-count]").textContent = fill(this.dataset.count, { n });
    }

    sum(whole, boxes) {
      if (!whole) return;
      const n = boxes.filter((box) => box.checked).length;
      whole.checked = n > 0 && n === boxes.length;
      whole.indeterminate = n > 0 && n < boxes.length;
    }

    press(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || !this.listening()) return;
      if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [popover]")) return;
      if (event.key === "/") {
        const search = document.querySelector('[data-key="/"]');
        if (!search) return;
        event.preventDefault();
        search.focus();
        return;
      }
      const rows = [...this.querySelectorAll("tbody tr")];
      const at = rows.findIndex((row) => "current" in row.dataset);
      const step = { j: 1, k: -1 }[event.key.toLowerCase()];
      if (step) {
        const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
        rows[at]?.removeAttribute("data-current");
        row?.setAttribute("data-current", "");
        row?.querySelector(".title a, a")?.focus();
      } else if (event.key.toLowerCase() === "x" && at >= 0) {
        const box = rows[at].querySelector(".pick input");
        if (box) box.checked = !box.checked;
        this.draw();
      }
    }
  },
);
