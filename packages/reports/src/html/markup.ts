import { plainText } from '../wording/plain-text.ts';

/** Markup that is safe to send: made by {@link html}, or by the plotting library. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | null | readonly Html[];

/**
 * Markup from a template; every text put into it is escaped, for content and for quoted attributes.
 *
 * @example
 * html`<p title="${name}">${name}</p>`.text;
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(
    strings.map((part, index) => (index === 0 ? part : render(values[index - 1] ?? null) + part)).join(''),
  );
}

/** Joins markup; nothing stands between. */
export function join(parts: readonly Html[]): Html {
  return new Html(parts.map(({ text }) => text).join(''));
}

/** Nothing. */
export const nothing = new Html('');

function render(value: Value): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return join(value).text;
}

function escapeText(text: string): string {
  return plainText(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
