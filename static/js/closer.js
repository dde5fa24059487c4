// Loads what the page uses: each custom element by its name, htmx where a page asks for it.
// Literal imports, so that the manifest storage can put the hashes in.
const elements = {
};

function scan(root) {
  for (const [name, load] of Object.entries(elements)) {
    if (!customElements.get(name) && root.querySelector(name)) load();
  }
}

scan(document);
