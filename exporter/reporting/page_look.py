"""How the bundle's page looks and what its copy buttons do; both stand in the page itself."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --tint: #f3f5f7; --line: #d0d7de;
  --link: #0a5cad; --bad: #a40e26; --good: #116329; --plain: #57606a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #a3adba; --paper: #14171c; --tint: #1f242c;
  --line: #3a424d; --link: #79b8ff; --bad: #ff9aa5; --good: #7ee2a0; --plain: #a3adba; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main, header, footer { max-width: 48rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 2rem; }
footer { padding: 2rem 1rem 3rem; color: var(--soft); font-size: .875rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: .5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
p, ul, ol, dl { margin: .5rem 0; }
a { color: var(--link); }
img { display: block; border-radius: .5rem; }
code { font: .9em ui-monospace, Consolas, monospace; background: var(--tint); padding: .1em .3em; border-radius: .25rem;
  overflow-wrap: anywhere; }
nav ul { padding-left: 1.25rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem; }
.soft { color: var(--soft); }
.verdict { display: inline-block; font-weight: 600; padding: .1rem .6rem; border: 2px solid; border-radius: 1rem; }
.breaking { color: var(--bad); } .compatible { color: var(--good); } .none, .unknown { color: var(--plain); }
.change, .credential { border-left: 4px solid var(--line); padding: .1rem 0 .1rem 1rem; margin: 1rem 0; }
.change > p:first-child { font-weight: 600; }
h4 { font-size: 1rem; margin: 1rem 0 .25rem; } .credential h3 { margin: .25rem 0; } .credential p { margin: .15rem 0; }
.tick { display: inline-flex; gap: .6rem; align-items: baseline; cursor: pointer; }
.tick input { width: 1.15rem; height: 1.15rem; margin: 0; flex: none; accent-color: var(--good); transform: translateY(.15rem); }
.ticks { list-style: none; padding: 0; } .ticks li { margin: .6rem 0; }
.steps { list-style: none; padding: 0; counter-reset: step; }
.steps > li { counter-increment: step; position: relative; padding: .25rem 0 .5rem 2.75rem; }
.steps > li::before { content: counter(step); position: absolute; left: 0; top: .35rem; width: 1.9rem; height: 1.9rem;
  border-radius: 50%; background: var(--ink); color: var(--paper); text-align: center; line-height: 1.9rem; }
.steps h3 { margin-top: .5rem; }
.values > div { padding: .5rem .75rem; border: 1px solid var(--line); border-top-width: 0; }
.values > div:first-child { border-top-width: 1px; border-radius: .4rem .4rem 0 0; }
.values > div:last-child { border-radius: 0 0 .4rem .4rem; }
.values > div:only-child { border-radius: .4rem; }
dt { color: var(--soft); font-size: .875rem; }
dd { margin: 0; display: flex; gap: .75rem; align-items: center; justify-content: space-between; }
@media (min-width: 40rem) { .values > div { display: grid; grid-template-columns: 11rem 1fr; align-items: center; } }
.values code { white-space: pre-wrap; unicode-bidi: isolate; }
.values .note { display: block; grid-column: 2; color: var(--bad); font-size: .875rem; }
.copy { font: inherit; font-size: .875rem; color: var(--link); background: var(--paper); border: 1px solid var(--line);
  border-radius: .4rem; padding: .3rem .8rem; min-height: 2rem; flex: none; cursor: pointer; display: none; }
.js .copy { display: block; }
.copy:hover { background: var(--tint); }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
caption { text-align: left; font-weight: 600; padding: .75rem 0 .25rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .5rem .5rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
th[scope=row] { font-weight: 600; width: 65%; }
th small, td small { display: block; font-weight: 400; color: var(--soft); }
details { margin: .75rem 0; } summary { cursor: pointer; font-weight: 600; }
@media print { .copy, nav, .skip { display: none !important; } h2, .change, .credential, tr { break-inside: avoid; } }
"""

# The clipboard needs a secure context, which a page opened from disk is not in every browser: then the value is
# selected and the older way is tried. Ticks are kept per connector, version and environment; where a browser keeps nothing, they last
# until the page is closed.
SCRIPT = """
document.documentElement.classList.add("js");
const words = document.body.dataset;
document.addEventListener("click", async (event) => {
  const button = event.target.closest(".copy");
  if (!button) return;
  const value = button.previousElementSibling;
  let copied = true;
  try {
    await navigator.clipboard.writeText(value.textContent);
  } catch {
    getSelection().selectAllChildren(value);
    copied = document.execCommand("copy");
  }
  document.getElementById("said").textContent = copied ? words.copied : words.failed;
  button.textContent = copied ? words.copied : words.selected;
  setTimeout(() => { button.textContent = words.copy; }, 2000);
});
const ticks = [...document.querySelectorAll("[data-tick]")], place = "connector-import:" + words.for;
let kept = [];
try {
  const read = JSON.parse(localStorage.getItem(place));
  kept = Array.isArray(read) ? read : [];
} catch {}
for (const tick of ticks) {
  tick.checked = kept.includes(tick.dataset.tick);
  tick.addEventListener("change", () => {
    const done = ticks.filter((one) => one.checked).map((one) => one.dataset.tick);
    try {
      localStorage.setItem(place, JSON.stringify(done));
    } catch {}
  });
}
"""
