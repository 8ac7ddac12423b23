/** The style of the page. Text on colours has a contrast of at least 4.5 to 1, in both schemes. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --faint: #57606a; --line: #d0d7de; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --faint: #9198a1; --line: #3d444d; } }
body { color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 strong { padding: 0 .4em; border-radius: .2em; }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: .2rem .6rem; text-align: left; vertical-align: top; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
.strip { display: flex; flex-wrap: wrap; gap: 1px; font: 11px/15px ui-monospace, monospace; list-style: none; margin: 0; padding: 0; }
.strip i, .legend i { display: inline-block; width: 13px; height: 15px; text-align: center; font-style: normal; }
.strip i.s { box-shadow: inset 2px 0 0 0 var(--ink); }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding: 0; list-style: none; }
.legend i { font: 11px/15px ui-monospace, monospace; margin-right: .4em; }
.untried { background: #eaeef2; color: #57606a; } .pass { background: #1a7f37; color: #fff; } .unconfirmed { background: #9a6700; color: #fff; }
.flaky { background: #6639ba; color: #fff; } .fail { background: #b62324; color: #fff; }
pre { overflow-x: auto; border: 1px solid var(--line); padding: .6rem; font: 13px/1.4 ui-monospace, monospace; }
section { margin: 2rem 0; } .faint { color: var(--faint); }
`;
