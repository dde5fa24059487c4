// Around a table.data-grid: takes a pasted block, moves with the arrows, names cells that are no
// number (data-word: may be text), fills <output data-times data-unit> with the rate of two boxes.
import { fill, make } from "./page.js";

customElements.define(
  "paste-grid",
  class extends HTMLElement {
    connectedCallback() {
      this.table = this.querySelector("table");
      if (!this.table || this.list) return;
      this.list = make("ul", { className: "grid-messages", role: "status" });
      this.append(this.list);
      this.addEventListener("paste", (event) => this.paste(event));
      this.addEventListener("keydown", (event) => this.move(event));
      this.addEventListener("change", () => this.check());
      this.addEventListener("input", () => this.rates());
    }

    rates() {
      for (const output of this.querySelectorAll("output")) {
        const { times, unit } = output.dataset;
        const [top, bottom] = [output.closest("td").previousElementSibling, output.closest("td")]
          .map((cell) => parseFloat(cell.querySelector("input").value.replaceAll(",", "")));
        const rate = (times * top) / bottom;
        output.textContent = isFinite(rate) ? rate.toFixed(unit ? 0 : 2) + unit : "";
      }
    }

    inputs() {
      return [...this.table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input:not([type=hidden])")]);
    }

    place(input) {
      const grid = this.inputs();
      const row = grid.findIndex((cells) => cells.includes(input));
      return [grid, row, row < 0 ? -1 : grid[row].indexOf(input)];
    }

    paste(event) {
      const [grid, top, left] = this.place(event.target);
      const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
      if (top < 0 || !/[\t\n]/.test(text)) return;
      event.preventDefault();
      text.split("\n").forEach((line, down) => {
        line.split("\t").forEach((value, across) => {
          const input = grid[top + down]?.[left + across];
          if (!input || input.readOnly) return;
          input.value = value.trim();
          input.dispatchEvent(new Event("input", { bubbles: true }));
        });
      });
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
    }

    move(event) {
      const [grid, row, column] = this.place(event.target);
      if (row < 0) return;
      const { selectionStart: from, selectionEnd: to, value } = event.target;
      const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0] };
      if (from === 0 && to === 0) steps.ArrowLeft = [0, -1];
      if (from === value.length && to === value.length) steps.ArrowRight = [0, 1];
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      const next = grid[row + step[0]]?.[column + step[1]];
      next?.focus();
      next?.select();
    }

    check() {
      const heads = [...this.table.tHead.rows[this.table.tHead.rows.length - 1].cells];
      const bad = this.inputs().flat().filter((input) => {
        const wrong = input.inputMode === "decimal" && !("word" in input.dataset) &&
          input.value.trim() !== "" && !/^-?[\d,. ]*\d[\d,. ]*%?$/.test(input.value.trim());
        input.ariaInvalid = wrong ? "true" : null;
        return wrong;
      });
      this.list.replaceChildren(...bad.slice(0, 8).map((input) => {
        const cell = input.closest("td, th");
        const row = cell.parentNode.querySelector("th")?.textContent.trim() ?? "";
        const column = heads[cell.cellIndex]?.textContent.trim() ?? "";
        return make("li", {}, fill(this.dataset.bad, { row, column }));
      }));
    }
  },
);
