/**
 * The style of the review pages, inline so that a page is one small request. Same colours as the workspace
 * (web/src/theme); the system's fonts, because a font would weigh more than the whole page.
 */
export const reviewPageStyle = `
:root{color-scheme:light dark;--bg:#faf7f2;--ink:#1b2829;--mut:#55605f;--card:#fffefb;--sunk:#f3ede4;--line:#e4dccf;--edge:#8f8a80;
--brand:#0f5b63;--on:#fff;--soft:#e3f0f0;--softink:#0b474e;--acc:#f2a65a;--accsoft:#fdf0dd;--accink:#6d3c00;
--good:#e4f3e7;--goodink:#17582c;--bad:#fcebe7;--badink:#8c271b;--shadow:0 1px 2px rgb(60 45 20/6%),0 8px 24px rgb(60 45 20/6%)}
@media(prefers-color-scheme:dark){:root{--bg:#101819;--ink:#e8eeec;--mut:#abbab8;--card:#182224;--sunk:#0c1314;--line:#2a383a;--edge:#6b7d7d;
--brand:#7cc0c3;--on:#0b1112;--soft:#173337;--softink:#a9dadc;--accsoft:#3a2a16;--accink:#fbcf9d;
--good:#163122;--goodink:#9bdcae;--bad:#3d1e1a;--badink:#f8b9ae;--shadow:0 1px 2px rgb(0 0 0/30%)}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;font:1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);background:var(--bg);border-top:4px solid var(--brand)}
a{color:var(--brand);text-underline-offset:.18em}
:focus-visible{outline:3px solid var(--brand);outline-offset:2px;border-radius:.375rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.75rem;padding:.75rem 1rem;background:var(--card);z-index:1}
.v,ins i,del i{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header,main,footer{max-width:40rem;margin:0 auto;padding:0 1rem}
header{display:flex;align-items:center;gap:.5rem;padding-top:1rem;padding-bottom:.25rem;font-weight:650}
header svg{width:1.875rem;height:1.875rem;flex:none}header span{overflow-wrap:anywhere}header .mut{font-weight:400}
h1{font-size:1.625rem;line-height:1.2;letter-spacing:-.015em;margin:.75rem 0 .625rem;text-wrap:balance}
h2{font-size:1.1875rem;line-height:1.3;margin:2rem 0 .75rem}
h3{font-size:1.0625rem;line-height:1.3;margin:0;overflow-wrap:anywhere}
h4{font-size:.9375rem;margin:0 0 .25rem}
p{margin:.5rem 0;overflow-wrap:anywhere}
.mut{color:var(--mut)}.small{font-size:.9375rem}
.card,.form{background:var(--card);border:1px solid var(--line);border-radius:1rem;box-shadow:var(--shadow)}
.card{margin:0 0 1rem;overflow:hidden}
.who{display:flex;gap:.75rem;align-items:center;padding:1rem 1rem 0}
.who p{margin:0;line-height:1.35}
.face{flex:none;display:grid;place-items:center;width:2.75rem;height:2.75rem;border-radius:50%;background:var(--soft);color:var(--softink);font-weight:700}
.words{margin:0;padding:.75rem 1rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere;font-size:1.125rem}
.words b{font-weight:400;color:var(--brand)}
figure{margin:0;padding:0 1rem 1rem}
figure video{display:block;width:100%;height:auto;min-height:9rem;max-height:34rem;object-fit:contain;border-radius:.75rem;background:#000}
figure img{display:block;max-width:100%;height:auto;max-height:34rem;object-fit:contain;border-radius:.75rem;background:var(--sunk);border:1px solid var(--line)}
figcaption{font-size:.9375rem;color:var(--mut);padding-top:.375rem;overflow-wrap:anywhere}
figcaption a,.page a{display:inline-block;padding:.25rem 0;min-height:1.5rem}
.page{margin:0 1rem 1rem;padding:.625rem .875rem;border:1px solid var(--line);border-radius:.75rem;background:var(--sunk)}
.page span{display:block;font-size:.875rem;color:var(--mut)}
.below{border-top:1px solid var(--line);padding-top:.75rem}.below h4{margin:0 1rem}.below .words{padding-top:.25rem}
.foot{margin:0;padding:.75rem 1rem;border-top:1px solid var(--line);font-size:.9375rem;color:var(--mut)}
.foot strong{color:var(--ink)}.foot span{display:block}
.diff{margin:0 1rem 1rem;padding:.75rem .875rem;border-left:4px solid var(--acc);border-radius:.375rem .75rem .75rem .375rem;background:var(--sunk);font-size:1rem}
.diff p,blockquote{white-space:pre-wrap}blockquote{margin:.5rem 0;overflow-wrap:anywhere}.who+.diff{margin-top:.75rem}.who+.page{margin:.75rem 1rem 0}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.75rem;max-width:24rem}
.pair figure{padding:0}.pair figcaption{padding:0 0 .25rem;font-weight:650}.pair a{display:block}.pair img{max-height:12rem}
.calm span a{display:inline-block;padding:.25rem 0}
ins{background:var(--good);color:var(--goodink);text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:.18em;border-radius:.2rem}
del+ins{margin-left:.2em}
del{background:var(--bad);color:var(--badink);text-decoration:line-through;border-radius:.2rem}
.note,.problem,.calm{border-radius:.75rem;padding:.75rem 1rem;margin:1rem 0}
.note{background:var(--accsoft);color:var(--accink)}
.problem{background:var(--bad);color:var(--badink);border:2px solid currentColor}.problem p{margin:0}.problem a,.note a{color:inherit}
.problem a{display:inline-block;padding:.375rem 0}
.calm{background:var(--soft);color:var(--softink)}
.seen{list-style:none;margin:0;padding:0}.seen li{padding:.625rem 1rem;margin:.5rem 0;border-radius:.75rem;background:var(--accsoft);color:var(--accink);overflow-wrap:anywhere}
.form{padding:1rem;margin:2rem 0 1rem}
.form h2{margin:0 0 .25rem}.form .ours{margin-top:1.5rem}
fieldset{border:0;margin:0 0 1.25rem;padding:0;min-width:0}legend{padding:0}
.tick{display:flex;gap:.75rem;align-items:center;min-height:3rem;padding:.5rem .75rem;margin:.5rem 0;border:1px solid var(--edge);border-radius:.75rem;cursor:pointer}
.tick input{width:1.5rem;height:1.5rem;margin:0;flex:none;accent-color:var(--brand)}
.tick:has(:checked){background:var(--soft);border-color:var(--brand)}
.tick.missing{border:2px solid var(--badink)}.tick em{display:block;font-style:normal;font-size:.9375rem;color:var(--badink)}
textarea.tall{min-height:9rem}textarea.low{min-height:4rem}.bare{padding:0 0 .75rem}.bare img{max-height:10rem}
.said{list-style:none;margin:0;padding:0}.said li{padding:.75rem 1rem;margin:.5rem 0;border:1px solid var(--line);border-radius:.75rem;background:var(--card)}.said p{margin:.125rem 0}.lines{white-space:pre-wrap}
.label{display:block;font-weight:650}
textarea,.code{width:100%;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--edge);border-radius:.75rem;padding:.75rem}
textarea{min-height:6.5rem;resize:vertical;margin:.375rem 0 1rem}
.code{font:600 1.75rem/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.35em;text-align:center;max-width:17rem;display:block;margin:.5rem 0 1rem}
button{font:inherit;font-weight:650;display:block;width:100%;min-height:3.25rem;padding:.625rem 1rem;margin:.625rem 0 0;border-radius:.75rem;border:2px solid var(--brand);background:transparent;color:var(--brand);cursor:pointer;text-wrap:balance}
button.v{width:1px;min-height:0;padding:0;border:0;margin:-1px}
button:hover{background:var(--soft)}
.go{background:var(--brand);color:var(--on)}.go:hover{background:var(--softink);border-color:var(--softink)}
.halt{border-color:var(--badink);color:var(--badink)}.halt:hover{background:var(--bad)}
.quiet{border-color:transparent;text-decoration:underline;text-underline-offset:.18em}
details{margin:1rem 0;border-top:1px solid var(--line)}summary{cursor:pointer;padding:.75rem 0;min-height:3rem;color:var(--brand);font-weight:600}
details ul{margin:0;padding:0 0 .5rem 1.25rem}
.list{padding-left:1.25rem}.list li{margin:.375rem 0;overflow-wrap:anywhere}
.seal{width:3.5rem;height:3.5rem;border-radius:50%;display:grid;place-items:center;background:var(--soft);color:var(--softink);margin-top:1.5rem}
.seal svg{width:1.75rem;height:1.75rem}
.seal.end{background:var(--bad);color:var(--badink)}.seal.ask{background:var(--accsoft);color:var(--accink)}
footer{padding-top:.5rem;padding-bottom:3rem;font-size:.9375rem;color:var(--mut);overflow-wrap:anywhere}
@media(min-width:62rem){header,main,footer{max-width:66rem;padding-left:2rem;padding-right:2rem}h1{font-size:2rem}
.narrow,.narrow~footer,header.narrow{max-width:40rem}
.two{display:grid;grid-template-columns:minmax(0,1fr) 25rem;gap:0 2.5rem;align-items:start}.two .form{margin-top:2rem;padding:1.5rem}.open{max-width:44rem}}
@media(min-width:62rem) and (min-height:56rem){.two .form{position:sticky;top:1.5rem}}
`.replace(/\n/g, '')
