import { Converter } from 'typedoc';

/**
 * Names each guide of the API reference by its heading. TypeDoc would take the path of the file, and repeat it above the
 * heading.
 *
 * @param {import('typedoc').Application} app
 */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const [first] = document.content;
    const [heading, title] = /^(?:\s|<!--[\s\S]*?-->)*# (.+)\n/.exec(first?.text ?? '') ?? [];
    if (first === undefined || heading === undefined || title === undefined) return;
    document.name = title;
    first.text = first.text.slice(heading.length);
  });
}
