// <local-time data-zone="America/Chicago" data-text="({time} your time)"><time datetime="…">
// Adds the reader's own time where it differs from the program's.
import { fill } from "./page.js";

customElements.define(
  "local-time",
  class extends HTMLElement {
    connectedCallback() {
      const time = this.querySelector("time");
      if (!time || this.done) return;
      this.done = true;
      const at = new Date(time.dateTime);
      const language = document.documentElement.lang || "en";
      const words = (options) => new Intl.DateTimeFormat(language, options).format(at);
      const day = { month: "long", day: "numeric" };
      const clock = { hour: "numeric", minute: "2-digit", hour12: true };
      const whole = { ...day, ...clock };
      const there = { timeZone: this.dataset.zone };
      if (words(whole) === words({ ...whole, ...there })) return;
      const sameDay = words(day) === words({ ...day, ...there });
      const own = words(sameDay ? clock : whole).replace(/([AP])M$/, (_, half) => `${half.toLowerCase()}.m.`);
      this.append(" ", fill(this.dataset.text, { time: own }));
    }
  },
);
