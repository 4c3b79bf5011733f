"""How cards of operations look, and how they are searched; both stand in the page itself."""

from __future__ import annotations

CARD_STYLE = """
.op { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; overflow-wrap: anywhere; }
.op > summary { padding: .6rem .75rem; font-weight: 600; }
.op[open] > summary { border-bottom: 1px solid var(--line); background: var(--tint); }
.in { padding: .25rem .75rem .75rem; }
.mark { font-size: .8rem; font-weight: 400; border: 1px solid var(--soft); border-radius: 1rem; padding: .05rem .5rem;
  color: var(--soft); white-space: nowrap; }
.part { font-weight: 600; font-size: .875rem; margin: 1rem 0 .25rem; }
.fields, .tokens { list-style: none; padding: 0; margin: .25rem 0; }
.fields > li { padding: .3rem 0; } .fields > .deep { margin-left: .4rem; padding-left: .8rem; border-left: 2px solid var(--line); }
.fields b { font-weight: 500; } .fields em { color: var(--bad); font-size: .8rem; font-style: normal; }
.fields small { color: var(--soft); } .fields > li > small:last-child { display: block; }
.box { display: block; border: 1px solid var(--line); border-radius: .25rem; padding: .25rem .6rem; margin: .15rem 0;
  color: var(--soft); font-size: .875rem; }
.tokens { display: flex; flex-wrap: wrap; gap: .35rem; }
.tokens > li { background: var(--tint); border: 1px solid var(--line); border-radius: .25rem; padding: .1rem .5rem;
  font-size: .9rem; max-width: 100%; }
.tokens small { color: var(--soft); }
.each { margin-left: .4rem; padding-left: .8rem; border-left: 2px solid var(--line); } .each > p { margin: .4rem 0 .25rem; }
.op { scroll-margin-top: 4rem; }
.search { position: sticky; top: 0; background: var(--paper); padding: .5rem 0; display: flex; flex-wrap: wrap; gap: .5rem;
  align-items: center; }
.search[hidden], .op[hidden] { display: none; }
.search input { font: inherit; padding: .4rem .6rem; border: 1px solid var(--soft); border-radius: .4rem; min-width: 0;
  flex: 1 1 12rem; background: var(--paper); color: var(--ink); }
@media print { .search { display: none !important; } .op { break-inside: avoid; } }
"""

# A card is found by all that stands in it. Its text is read once, when somebody searches.
SEARCH_SCRIPT = """
for (const field of document.querySelectorAll(".search input")) {
  const cards = [...document.querySelectorAll(".op")], said = document.getElementById("found");
  let texts;
  field.parentElement.hidden = false;
  field.addEventListener("input", () => {
    texts ??= cards.map((card) => card.textContent.toLowerCase());
    const words = field.value.toLowerCase().split(/\\s+/);
    let shown = 0;
    cards.forEach((card, index) => {
      const fits = words.every((word) => texts[index].includes(word));
      card.hidden = !fits;
      shown += fits;
    });
    said.textContent = said.dataset.words.replace("{shown}", shown).replace("{all}", cards.length);
  });
}
"""
