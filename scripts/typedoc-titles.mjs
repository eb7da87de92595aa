import { Converter } from 'typedoc';

/**
 * Names each guide of the API reference by its heading. TypeDoc would take the path of the file.
 *
 * @param {import('typedoc').Application} app
 */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const text = document.content.map((part) => part.text).join('');
    const [, title] = /^# (.+)$/m.exec(text) ?? [];
    if (title !== undefined) document.name = title;
  });
}
