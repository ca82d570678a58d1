/** The whole style of a page. Colours are those of Okabe and Ito (2008), which colour-blind readers can tell apart. */
export const STYLE = `
:root { color-scheme: light dark; --page:#fff; --panel:#f6f7f9; --ink:#1b1f24; --muted:#545b64; --grid:#e2e5e9; --line:#c4c9d0;
  --blue:#0072b2; --orange:#d55e00; --grey:#6b7280; --warn:#8a3b00; }
@media screen and (prefers-color-scheme: dark) { :root { --page:#14171b; --panel:#1d2126; --ink:#e8eaed; --muted:#a9b0b9; --grid:#2f353c;
  --line:#4a525c; --blue:#56b4e9; --orange:#f0a04b; --grey:#9aa2ad; --warn:#ffb37a; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main, header, footer { max-width: 1040px; margin: 0 auto; padding: 0 20px; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 28px 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 44px 0 10px; padding-top: 14px; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 24px 0 8px; }
p, ul { margin: 8px 0; max-width: 76ch; } li { margin: 4px 0; }
p, li, dd, td, th { overflow-wrap: anywhere; }
a { color: var(--blue); }
nav ul { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; padding: 0; margin: 14px 0 0; max-width: none; font-size: .9rem; }
.lead { color: var(--muted); margin: 2px 0; }
.note, .keys { font-size: .85rem; color: var(--muted); }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 14px; margin: 18px 0; }
.tile { background: var(--panel); border: 1px solid var(--grid); border-radius: 6px; padding: 12px 14px; }
.tile b { display: block; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { display: block; font-size: .85rem; color: var(--muted); }
.limits { background: var(--panel); border-left: 4px solid var(--warn); padding: 10px 18px; margin: 18px 0; }
.limits h2 { border: 0; padding: 0; margin: 4px 0; font-size: 1.05rem; }
.figures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 32px; margin: 16px 0; }
figure { display: grid; grid-template-rows: subgrid; grid-row: span 3; align-content: start; }
figure { margin: 0 0 18px; min-width: 0; break-inside: avoid; } figure .note { margin: 4px 0 0; } .figures > div { min-width: 0; grid-row: span 3; } 
figcaption strong { display: block; }
figure svg { display: block; width: 100%; max-width: 484px; height: auto; margin-top: 6px; }
figure svg text { font-family: inherit; font-variant-numeric: tabular-nums; }
.keys { display: flex; flex-wrap: wrap; gap: 0 14px; list-style: none; padding: 0; margin: 2px 0 0; } .keys li { margin: 0; }
.key { display: inline-block; width: 20px; border-top: 3px solid; margin-right: 6px; vertical-align: middle; }
.key.blue { border-color: var(--blue); } .key.orange { border-color: var(--orange); } .key.grey { border-color: var(--grey); }
.key.dashed { border-color: var(--grey); border-top-style: dashed; border-top-width: 2px; }
.key.band { border-color: var(--blue); opacity: .3; border-top-width: 11px; }
.key.blue.bar, .key.orange.bar, .key.grey.bar { border-top-width: 11px; width: 13px; }
.key.dot { width: 9px; height: 9px; border: 2px solid var(--ink); border-radius: 50%; background: var(--page); }
.scroll { overflow-x: auto; margin: 10px 0 16px;
  background: linear-gradient(to right, var(--page) 40%, transparent) 0 0 / 40px 100% no-repeat local, linear-gradient(to left, var(--page) 40%, transparent) 100% 0 / 40px 100% no-repeat local,
    linear-gradient(to right, var(--line), transparent) 0 0 / 14px 100% no-repeat scroll, linear-gradient(to left, var(--line), transparent) 100% 0 / 14px 100% no-repeat scroll; }
.scroll:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .9rem; min-width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: 6px; }
th, td { text-align: left; padding: 5px 18px 5px 0; border-bottom: 1px solid var(--grid); vertical-align: top; }
table.small { min-width: 0; } table.small th, table.small td { padding-right: 40px; }
th:last-child, td:last-child { padding-right: 0; } .figures .small { min-width: 100%; } .figures .small th, .figures .small td { padding-right: 10px; }
.figures .small th:last-child, .figures .small td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-weight: 600; border-bottom-color: var(--line); vertical-align: bottom; overflow-wrap: normal; }
tbody th { font-weight: 500; } tbody th.text { min-width: 17ch; } th.text, td.text { min-width: 9ch; } .number { text-align: right; white-space: nowrap; }
tbody .code, tbody .hash, code { font-family: ui-monospace, "Cascadia Mono", "Liberation Mono", Menlo, Consolas, monospace; font-size: .85em; }
tbody .code { white-space: nowrap; } .figures tbody .code { white-space: normal; } tbody .hash { min-width: 22ch; } td.long { min-width: 28ch; }
dl { margin: 10px 0; font-size: .95rem; } dl div { display: grid; grid-template-columns: 220px 1fr; gap: 4px 16px; padding: 4px 0; border-bottom: 1px solid var(--grid); }
dt { color: var(--muted); } dd { margin: 0; min-width: 0; }
details { margin: 10px 0; } summary { cursor: pointer; color: var(--blue); }
.warn { color: var(--warn); font-weight: 600; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; padding: 0; }
footer { color: var(--muted); font-size: .85rem; margin-top: 44px; padding-bottom: 32px; }
@media (max-width: 700px) {
  main, header, footer { padding: 0 16px; } h1 { font-size: 1.2rem; }
  .figures { grid-template-columns: minmax(0, 1fr); } .tiles { grid-template-columns: repeat(2, 1fr); gap: 10px; }
  .tile b { font-size: 1.4rem; } dl div { grid-template-columns: 1fr; gap: 0; } th, td { padding-right: 12px; }
}
@media print {
  :root { color-scheme: light; --page:#fff; --panel:#fff; --ink:#000; --muted:#333; --grid:#ccc; --line:#888; }
  @page { margin: 15mm; }
  html { font-size: 10pt; } body { font-size: 1rem; } main, header, footer { max-width: none; padding: 0; } nav { display: none; }
  /* Closed on the screen, all of it on paper. */
  details::details-content { content-visibility: visible; block-size: auto; } summary { display: block; color: inherit; font-weight: 600; break-after: avoid; }
  h2, h3, caption { break-after: avoid; } h2 { margin-top: 22pt; }
  tr, .tile, dl div, li { break-inside: avoid; } thead { display: table-header-group; }
  .figures { display: block; } figure { width: 47%; display: inline-block; vertical-align: top; margin: 0 1% 12pt 0; }
  .scroll { overflow: visible; background: none; } table { width: 100%; font-size: .8rem; } th, td { padding-right: 8pt; } .number { white-space: normal; }
  tbody th.text, td.text, td.long, tbody .hash { min-width: 0; } tbody .code { white-space: normal; }
  a { color: inherit; text-decoration: none; }
}
`;
