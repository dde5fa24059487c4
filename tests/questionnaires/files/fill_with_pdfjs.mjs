// Fills a form as Firefox's viewer does: node fill_with_pdfjs.mjs blank.pdf boxes.json filled.pdf
// Needs `npm install pdfjs-dist` beside it; see README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

const [blank, boxes, filled] = process.argv.slice(2);
const wanted = JSON.parse(readFileSync(boxes, "utf8"));
const task = getDocument({ data: new Uint8Array(readFileSync(blank)) });
const form = await task.promise;
for (let number = 1; number <= form.numPages; number += 1) {
  const page = await form.getPage(number);
  for (const box of await page.getAnnotations()) {
    const value = wanted[box.fieldName];
    if (value === undefined) continue;
    const ticks = box.checkBox || box.radioButton;
    const on = box.checkBox || box.buttonValue === value;
    form.annotationStorage.setValue(box.id, { value: ticks ? on : value });
  }
}
writeFileSync(filled, await form.saveDocument());
await task.destroy();
