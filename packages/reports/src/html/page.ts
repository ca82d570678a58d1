import { Html, html } from './markup.ts';
import { STYLE } from './style.ts';

/** A part of the page with a heading that can be linked to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** A page that needs nothing but itself: its policy forbids scripts and everything from elsewhere. */
export function page({
  title,
  head,
  sections,
  foot,
}: {
  readonly title: string;
  readonly head: Html;
  readonly sections: readonly Section[];
  readonly foot: Html;
}): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
${head}<nav aria-label="Parts of this page"><ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(({ id, title: name, body }) =>
  id === LIMITS_ID
    ? html`<section class="limits" id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${name}</h2>
${body}</section>
`
    : html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${name}</h2>
${body}</section>
`,
)}</main>
<footer>
${foot}</footer>
</body>
</html>
`.text;
}

/** The part that stands out. */
export const LIMITS_ID = 'limits';
