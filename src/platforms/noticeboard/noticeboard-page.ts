import type { DateTime } from 'luxon'

import { escapeHtml } from '../../kernel/escape-html.js'
import { firstWords, htmlOf, linkTo, printable, webAddress } from './notice-text.js'
import type { Notice, Noticeboard, NoticePage } from './notice.js'
import { boardPath, noticePath, picturePath } from './noticeboard-links.js'
import { noticeboardStyle } from './noticeboard-style.js'

/** How a press of "This was useful" ended, or null when the page was simply opened. */
export type Thanks = 'counted' | 'already' | null

interface Frame {
  readonly title: string
  /** Further elements of the head, as HTML. */
  readonly head: string
  readonly body: string
}

/** A group's notices, newest first. `origin` is the public one, never what the request calls the host. */
export function boardPage(board: Noticeboard, page: NoticePage, origin: string): string {
  const path = boardPath(board.slug)
  const about = `What ${board.name} has to say, newest first.`
  const notices = page.notices.map((notice, index) => noticeArticle(board, notice, 'h2', index < 2, null)).join('\n')
  return frame({
    title: `${board.name} – Noticeboard`,
    head: [
      meta('name', 'description', about),
      meta('property', 'og:type', 'website'),
      meta('property', 'og:title', board.name),
      meta('property', 'og:description', about),
      meta('property', 'og:url', origin + path),
      ...headOf(board),
      `<script src="/noticeboard/count.js" defer></script>`,
    ].join('\n'),
    body: `
<a class="skip" href="#notices">Skip to the notices</a>
<header class="band">
<p class="eyebrow">Noticeboard</p>
<h1>${shown(board.name)}</h1>
${follow(board)}
</header>
<main id="notices">
${notices || empty(board)}
</main>
${more(board, page)}
${foot(board)}`,
  })
}

/** One notice at its permanent address, with what previews of a link need (ogp.me). */
export function noticePage(board: Noticeboard, notice: Notice, origin: string, thanks: Thanks): string {
  const url = origin + noticePath(board.slug, notice.id)
  const title = titleOf(board, notice)
  const picture = notice.pictures[0]
  return frame({
    title: `${title} – ${board.name}`,
    head: [
      meta('name', 'description', firstWords(notice.text, 200) || title),
      `<link rel="canonical" href="${escapeHtml(url)}">`,
      meta('property', 'og:type', 'article'),
      meta('property', 'og:site_name', board.name),
      meta('property', 'og:title', title),
      meta('property', 'og:description', firstWords(notice.text, 200) || title),
      meta('property', 'og:url', url),
      meta('property', 'article:published_time', notice.publishedAt.toISO() ?? ''),
      ...(picture
        ? [
            meta('property', 'og:image', origin + picturePath(board.slug, notice.id, picture.position)),
            meta('property', 'og:image:type', picture.mime),
            meta('property', 'og:image:width', String(picture.width)),
            meta('property', 'og:image:height', String(picture.height)),
            meta('property', 'og:image:alt', picture.alt),
            meta('name', 'twitter:card', 'summary_large_image'),
          ]
        : [meta('name', 'twitter:card', 'summary')]),
      ...headOf(board),
      `<script src="/noticeboard/count.js" defer></script>`,
    ].join('\n'),
    body: `
<a class="skip" href="#notice">Skip to the notice</a>
<header class="band">
<p class="eyebrow">Noticeboard</p>
<p class="name"><a href="${boardPath(board.slug)}">${shown(board.name)}</a></p>
${follow(board)}
</header>
<main id="notice">
${noticeArticle(board, notice, 'h1', true, thanks)}
<p class="back"><a href="${boardPath(board.slug)}">All notices of ${shown(board.name)}</a></p>
</main>
${foot(board)}`,
  })
}

/** A page that says one thing: a notice was taken down, or there is nothing here. */
export function sayingPage(heading: string, sentence: string, board: Noticeboard | null): string {
  const back = board ? `<p><a href="${boardPath(board.slug)}">All notices of ${shown(board.name)}</a></p>` : ''
  return frame({
    title: board ? `${heading} – ${board.name}` : heading,
    head: meta('name', 'robots', 'noindex'),
    body: `
<header class="band">
<p class="eyebrow">Noticeboard</p>
${board ? `<p class="name"><a href="${boardPath(board.slug)}">${shown(board.name)}</a></p>` : ''}
</header>
<main>
<section class="notice said">
<h1>${shown(heading)}</h1>
<p>${shown(sentence)}</p>
${back}
</section>
</main>`,
  })
}

/** The first words of a notice, or when it is of, for a notice of pictures only. */
export function titleOf(board: Noticeboard, notice: Notice): string {
  return firstWords(notice.text, 70) || `Notice of ${inZone(board, notice.publishedAt).toFormat('d LLLL yyyy')}`
}

/** A link's address in words, if the notice has one that its text does not already show. */
export function separateLink(notice: Notice): URL | null {
  if (notice.link === null || notice.text.includes(notice.link)) return null
  return webAddress(notice.link)
}

function noticeArticle(board: Noticeboard, notice: Notice, level: 'h1' | 'h2', eager: boolean, thanks: Thanks): string {
  const path = noticePath(board.slug, notice.id)
  const heading = `when-${notice.id}`
  const local = inZone(board, notice.publishedAt)
  const time = `<time datetime="${notice.publishedAt.toISO()}">${local.toFormat('cccc d LLLL yyyy, HH:mm')}</time>`
  const language = escapeHtml(notice.language)
  return `<article class="notice" aria-labelledby="${heading}" data-views="${path}/views">
<${level} class="when" id="${heading}">${level === 'h1' ? time : `<a href="${path}">${time}</a>`}</${level}>
<div class="text" lang="${language}" dir="auto">${htmlOf(notice.text)}</div>
${pictures(board, notice, eager)}${linkCard(notice)}
${thanks ? `<p class="thanks" id="thanks" role="status" tabindex="-1">${thankYou[thanks]}</p>` : ''}
<form class="answer" method="post" action="${path}/useful">
<button type="submit" aria-describedby="${heading}">This was useful</button>
${notice.useful > 0 ? `<span class="count">Useful to ${notice.useful.toLocaleString('en-GB')} so far</span>` : ''}
</form>
</article>`
}

const thankYou = {
  counted: 'Thank you. This was counted, and nobody knows who pressed.',
  already: 'Thank you. This was already counted today from where you are, so it counts once.',
}

function pictures(board: Noticeboard, notice: Notice, eager: boolean): string {
  if (notice.pictures.length === 0) return ''
  const language = escapeHtml(notice.language)
  const items = notice.pictures.map((picture) => {
    const path = picturePath(board.slug, notice.id, picture.position)
    const name = picture.alt.trim() === '' ? ` aria-label="Picture ${picture.position + 1}"` : ''
    const loading = eager && picture.position === 0 ? '' : ' loading="lazy"'
    return `<li><a href="${path}"${name}><img src="${path}" alt="${shown(picture.alt)}" lang="${language}" width="${picture.width}" height="${picture.height}" decoding="async"${loading}></a></li>`
  })
  return `<ul class="pictures${items.length > 1 ? ' many' : ''}">\n${items.join('\n')}\n</ul>\n`
}

function linkCard(notice: Notice): string {
  const url = separateLink(notice)
  if (!url) return ''
  const rest = decoded(`${url.pathname}${url.search}`)
  const words = `<span class="host">${shown(url.host)}</span>${rest === '/' ? '' : `<span class="rest">${shown(firstWords(rest, 90))}</span>`}`
  return `<p class="link">${linkTo(url.href, '').replace('></a>', () => `>${words}</a>`)}</p>`
}

function decoded(text: string): string {
  try {
    return decodeURI(text)
  } catch {
    return text
  }
}

function follow(board: Noticeboard): string {
  const path = boardPath(board.slug)
  return `<ul class="follow">
<li><a href="${path}/feed.xml" type="application/rss+xml">Follow by RSS</a></li>
<li><a href="${path}/feed.json" type="application/feed+json">JSON Feed</a></li>
</ul>`
}

function empty(board: Noticeboard): string {
  return `<section class="notice said">
<h2>Nothing here yet</h2>
<p>The first notice of ${shown(board.name)} will appear on this page. Follow by RSS, and it comes to you.</p>
</section>`
}

function more(board: Noticeboard, page: NoticePage): string {
  const path = boardPath(board.slug)
  const first = page.notices[0]
  const last = page.notices.at(-1)
  const newer =
    page.hasNewer && first ? `<a class="newer" rel="prev" href="${path}?after=${first.id}">← Newer notices</a>` : ''
  const older =
    page.hasOlder && last ? `<a class="older" rel="next" href="${path}?before=${last.id}">Older notices →</a>` : ''
  const newest = page.hasNewer ? `<a href="${path}">Newest</a>` : ''
  return newer || older ? `<nav class="more" aria-label="More notices">${newer}${newest}${older}</nav>` : ''
}

function foot(board: Noticeboard): string {
  return `<footer class="foot">
<p>Every notice here was agreed by a second person before it went up. Times are those of ${shown(board.timeZone.replaceAll('_', ' '))}.</p>
<p>This page sets no cookies and follows nobody. It counts how often notices are seen and found useful, not by whom. So that nobody is counted twice in a day, the server keeps a scrambled mark of your address in memory until midnight (UTC). The mark is never stored, and then it is gone.</p>
</footer>`
}

function headOf(board: Noticeboard): string[] {
  const path = boardPath(board.slug)
  const name = escapeHtml(printable(board.name))
  return [
    `<link rel="alternate" type="application/rss+xml" title="${name} (RSS)" href="${path}/feed.xml">`,
    `<link rel="alternate" type="application/feed+json" title="${name} (JSON Feed)" href="${path}/feed.json">`,
    ...(board.demo ? [meta('name', 'robots', 'noindex')] : []),
  ]
}

function frame({ title, head, body }: Frame): string {
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${shown(title)}</title>
${head}
<style>${noticeboardStyle}</style>
</head>
<body>${body}
</body>
</html>
`
}

function meta(kind: 'name' | 'property', key: string, value: string): string {
  return `<meta ${kind}="${key}" content="${shown(value)}">`
}

function shown(text: string): string {
  return escapeHtml(printable(text))
}

function inZone(board: Noticeboard, at: DateTime): DateTime {
  return at.setZone(board.timeZone).setLocale('en-GB')
}
