/** The style sheet of the page: the system's colours, light or dark, and fonts that have Chinese. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --line: light-dark(#c8ccd1, #45494f);
  --soft: light-dark(#f4f5f7, #1f2226);
  --good: light-dark(#0a6b2d, #6fd68d);
  --bad: light-dark(#b3261e, #ff9a91);
}
body {
  max-width: 70rem;
  margin: 0 auto;
  padding: 1rem;
  font: 1rem/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
caption { padding-block: 0.5rem; text-align: start; }
th, td { padding: 0.6rem; border-block-end: 1px solid var(--line); text-align: start; vertical-align: top; }
thead th { background: var(--soft); }
h1 { margin-block: 0.5rem; }
td p { margin: 0; }
.id, dl { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace; font-size: 0.875rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 0.4rem 0 0; }
dd { margin: 0; overflow-wrap: anywhere; }
.expected { color: var(--good); font-weight: 600; }
.unexpected, .failed { color: var(--bad); font-weight: 700; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { padding-inline-start: 1rem; } }
`;
