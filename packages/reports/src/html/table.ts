import { type Html, html, nothing } from './markup.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers stand right, with digits of one width; `long` is a sentence, `code` a name, `hash` may be broken anywhere. */
  readonly kind?: 'number' | 'text' | 'long' | 'code' | 'hash';
}

/** What a table shows. */
export interface Table {
  /** What it is of, for who cannot see where it stands; shown above it where `showCaption`. */
  readonly caption: string;
  readonly showCaption?: boolean;
  readonly columns: readonly Column[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly (string | Html)[])[];
}

/** A table that scrolls within itself where it is wider than the screen. */
export function table({ caption, showCaption = false, columns, rows }: Table): Html {
  const small = columns.length <= 4 && columns.every(({ kind }) => kind !== 'long' && kind !== 'hash');
  const size = small ? html` class="small"` : nothing;
  const hidden = showCaption ? nothing : html` class="unseen"`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table${size}><caption${hidden}>${caption}</caption>
<thead><tr>${columns.map(({ title, kind = 'text' }) => html`<th scope="col" class="${kind}">${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, index) => {
      const kind = columns[index]?.kind ?? 'text';
      return index === 0
        ? html`<th scope="row" class="${kind}">${cell}</th>`
        : html`<td class="${kind}">${cell}</td>`;
    })}</tr>
`,
  )}</tbody></table></div>
`;
}

/** Names and what they stand for. */
export function facts(pairs: readonly (readonly [name: string, value: string | Html])[]): Html {
  return html`<dl>${pairs.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
  )}</dl>
`;
}

/** Sentences, one below the other. */
export function list(items: readonly (string | Html)[]): Html {
  return items.length === 0
    ? nothing
    : html`<ul>${items.map(
        (item) => html`<li>${item}</li>
`,
      )}</ul>
`;
}
