/** The public page's whole style, sent with it: one request shows a page. */
export const noticeboardStyle = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f3efe6, #14171b);
  --card: light-dark(#fffdf9, #1d2127);
  --ink: light-dark(#20242c, #ece8df);
  --soft: light-dark(#575d68, #b3b1ab);
  --line: light-dark(#ded7c8, #343a43);
  --accent: light-dark(#0b5a55, #86d6cb);
  --wash: light-dark(#e4f0ec, #1b3330);
  --pin: light-dark(#b5432f, #ef8a74);
}
*, ::before, ::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: from-font }
a:hover { text-decoration-thickness: .14em }
:focus-visible { outline: .1875rem solid var(--accent); outline-offset: .1875rem; border-radius: .25rem }
.skip { position: absolute; left: 1rem; top: -6rem; background: var(--card); padding: .75rem 1rem; z-index: 1 }
.skip:focus { top: 1rem }
.band, main, .more, .foot { width: min(100%, 42rem); margin-inline: auto; padding-inline: clamp(1rem, 4vw, 1.5rem) }
.band { padding-block: clamp(1.75rem, 6vw, 3.25rem) clamp(1.25rem, 4vw, 2rem) }
.eyebrow { margin: 0 0 .35rem; color: var(--pin); font-size: .8125rem; font-weight: 700; letter-spacing: .11em; text-transform: uppercase }
h1, .name {
  margin: 0; font-family: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Book Antiqua', Georgia, serif;
  font-size: clamp(1.75rem, 6vw, 2.75rem); font-weight: 700; line-height: 1.15; letter-spacing: -.01em; text-wrap: balance;
}
.name a { color: inherit; text-decoration: none }
.name a:hover { text-decoration: underline; text-decoration-thickness: .06em }
.follow { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .75rem 0 0; padding: 0; list-style: none; font-size: .9375rem }
.follow a, .more a, .back a { display: inline-block; padding-block: .35rem }
.back { margin: 0 0 .75rem; font-size: .9375rem }
.notice {
  position: relative; margin: 0 0 1.5rem; padding: clamp(1.25rem, 4vw, 1.75rem);
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
  box-shadow: 0 1px 2px #0000000d, 0 .75rem 1.5rem -1rem #00000026;
}
.notice::before {
  content: ''; position: absolute; top: -.4375rem; left: 50%; width: .875rem; height: .875rem; margin-left: -.4375rem;
  border-radius: 50%; background: var(--pin); box-shadow: inset -.125rem -.125rem .1875rem #00000040, 0 .125rem .1875rem #00000040;
}
.when { margin: 0 0 .75rem; font: inherit; font-size: .9375rem; font-weight: 600; line-height: 1.4; letter-spacing: 0; color: var(--soft) }
.when a { color: inherit; display: inline-block; padding-block: .2rem; text-decoration-color: transparent }
.when a:hover, .when a:focus-visible { text-decoration-color: currentcolor }
.text p { margin: 0 0 .9em }
.text p:last-child { margin-bottom: 0 }
.pictures { display: grid; gap: .5rem; margin: 1.1rem 0 0; padding: 0; list-style: none }
.pictures.many { grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr)) }
.pictures a { display: block; border-radius: .5rem; overflow: hidden; background: var(--paper); border: 1px solid var(--line) }
.pictures img { display: block; width: 100%; height: auto; max-height: 80vh; object-fit: contain }
.many img { aspect-ratio: 4 / 3; object-fit: cover }
@media (min-width: 30rem) {
  .many li:last-child:nth-child(odd) { grid-column: 1 / -1 }
  .many li:last-child:nth-child(odd) img { aspect-ratio: 8 / 3 }
}
.link { margin: 1.1rem 0 0 }
.link a { display: block; padding: .75rem 1rem; border: 1px solid var(--line); border-left: .25rem solid var(--accent); border-radius: .5rem; text-decoration: none }
.link a:hover .host { text-decoration: underline }
.host { display: block; font-weight: 600 }
.rest { display: block; color: var(--soft); font-size: .9375rem }
.answer { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin: 1.25rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line) }
button {
  min-height: 2.75rem; padding: .5rem 1.1rem; border: 1px solid var(--accent); border-radius: 2rem; cursor: pointer;
  background: var(--wash); color: var(--accent); font: inherit; font-size: .9375rem; font-weight: 600;
}
button:hover { background: var(--accent); color: var(--card) }
.count { color: var(--soft); font-size: .9375rem }
.thanks { margin: 1rem 0 0; padding: .75rem 1rem; border-radius: .5rem; background: var(--wash) }
.more { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 1.5rem; padding-bottom: 1rem }
.more .older { margin-left: auto }
.said { padding-block: clamp(1.5rem, 6vw, 2.5rem); text-align: center }
.said h1, .said h2 { margin: 0 0 .75rem; font-size: clamp(1.375rem, 4vw, 1.75rem); line-height: 1.25 }
.said p { margin: 0 auto .75rem; max-width: 34rem }
.foot { padding-block: 1.5rem 3rem; color: var(--soft); font-size: .875rem; line-height: 1.55 }
.foot p { margin: 0 0 .6rem }
@media (forced-colors: active) { .notice::before { display: none } }
@media print { .answer, .follow, .more, .skip { display: none } .notice { box-shadow: none; break-inside: avoid } }
`.trim()
