"""How the page of a report looks, besides what it shares with the bundle's page."""

from __future__ import annotations

REPORT_STYLE = """
main, header, footer { max-width: 64rem; }
.counts { width: auto; margin-top: 1rem; } .counts td, .counts th { padding: .4rem .9rem .4rem 0; overflow-wrap: normal; }
.counts th[scope=row] { width: auto; } .counts thead th { font-size: .8rem; vertical-align: bottom; max-width: 8rem; }
.change { border-left: 4px solid var(--line); } .change.breaking { border-color: var(--bad); color: inherit; }
.change.compatible { border-color: var(--good); color: inherit; }
.change > p:first-child { font-weight: 500; }
.change dl > div { font-size: .9rem; margin: .25rem 0; }
@media (min-width: 30rem) { .change dl > div { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0 .5rem; }
  .change dt { grid-column: 1; } .change dd { grid-column: 2; } }
.change dd { display: block; overflow-wrap: anywhere; }
.flag { font-size: .75rem; font-weight: 700; border: 1px solid; border-radius: .25rem; padding: 0 .35rem; margin-right: .2rem; }
.breaking > p > .flag, .gone > .flag, .problem .flag { color: var(--bad); }
.compatible > p > .flag, .new > .flag { color: var(--good); }
.changed > .flag, .accepted > p > .flag { color: var(--link); }
.far[open] { content-visibility: auto; contain-intrinsic-size: auto 40rem; }
.sides { display: grid; gap: .75rem; margin-top: 1rem; }
.side { border: 1px solid var(--line); border-radius: .4rem; padding: .25rem .75rem .75rem; min-width: 0; overflow-wrap: anywhere; }
.side .title { font-weight: 600; } .side .in { padding: 0; }
summary h3 { display: inline; margin: 0; font-size: 1.05rem; }
.problem { border: 2px solid var(--bad); border-radius: .4rem; padding: .25rem 1rem; margin: 1rem 0; }
pre { overflow-x: auto; background: var(--tint); padding: .75rem; border-radius: .4rem; font-size: .85rem; }
li { overflow-wrap: anywhere; }
@media (min-width: 50rem) { .sides { grid-template-columns: 1fr 1fr; } }
@media print { .op, .side { break-inside: auto; } details::details-content { content-visibility: visible; block-size: auto; } }
"""
