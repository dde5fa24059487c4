// For components/job.html: asks data-url for {state, progress, result_url, result_label, error}
// until the state is done or failed.
import { make } from "./page.js";

customElements.define(
  "job-progress",
  class extends HTMLElement {
    connectedCallback() {
      if (["done", "failed"].includes(this.dataset.state)) return;
      this.querySelector(".job-status").replaceChildren();
      this.wait = 1000;
      this.timer = setTimeout(() => this.ask(), this.wait);
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
    }

    async ask() {
      try {
        const answer = await fetch(this.dataset.url, { headers: { Accept: "application/json", "X-Unattended": "1" } });
        if (answer.ok && this.tell(await answer.json())) return;
      } catch {
        // The network is away: ask again later.
      }
      this.wait = Math.min(this.wait * 1.5, 5000);
      this.timer = setTimeout(() => this.ask(), this.wait);
    }

    tell(job) {
      const bar = this.querySelector("progress");
      if (typeof job.progress === "number") bar.value = job.progress;
      const status = this.querySelector(".job-status");
      if (job.state === "done") {
        bar.value = bar.max;
        const link = { className: "btn btn-secondary", href: job.result_url };
        if (job.result_url) status.replaceChildren(make("a", link, job.result_label ?? ""));
      } else if (job.state === "failed") {
        status.replaceChildren(job.error ?? this.dataset.failed);
      } else {
        return false;
      }
      this.dataset.state = job.state;
      this.dispatchEvent(new CustomEvent("job:end", { bubbles: true, detail: job }));
      return true;
    }
  },
);
