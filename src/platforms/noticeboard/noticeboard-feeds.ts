import type { DateTime } from 'luxon'

import { escapeHtml } from '../../kernel/escape-html.js'
import { htmlOf, linkTo, printable } from './notice-text.js'
import type { Notice, Noticeboard } from './notice.js'
import { boardPath, noticePath, picturePath } from './noticeboard-links.js'
import { separateLink, titleOf } from './noticeboard-page.js'

/** RSS 2.0 (rssboard.org/rss-specification) with the Atom and Content modules; `notices` newest first. */
export function rssFeed(board: Noticeboard, notices: readonly Notice[], origin: string): string {
  const home = origin + boardPath(board.slug)
  const newest = notices[0]
  const items = notices.map((notice) => {
    const url = origin + noticePath(board.slug, notice.id)
    // one enclosure an item is what the specification's authors and the readers agree on
    const picture = notice.pictures[0]
    const enclosure = picture
      ? `\n<enclosure url="${xml(origin + picturePath(board.slug, notice.id, picture.position))}" length="${picture.size}" type="${xml(picture.mime)}"/>`
      : ''
    return `<item>
<title>${xml(titleOf(board, notice))}</title>
<link>${xml(url)}</link>
<guid isPermaLink="true">${xml(url)}</guid>
<pubDate>${rfc822(notice.publishedAt)}</pubDate>
<description>${xml(notice.text || titleOf(board, notice))}</description>
<content:encoded>${xml(contentOf(board, notice, origin))}</content:encoded>${enclosure}
</item>`
  })
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
<title>${xml(board.name)}</title>
<link>${xml(home)}</link>
<description>${xml(`What ${board.name} has to say, newest first.`)}</description>
<atom:link href="${xml(`${home}/feed.xml`)}" rel="self" type="application/rss+xml"/>
${newest ? `<lastBuildDate>${rfc822(newest.publishedAt)}</lastBuildDate>\n` : ''}${items.join('\n')}
</channel>
</rss>
`
}

/** JSON Feed 1.1 (jsonfeed.org/version/1.1); a picture's description is the title of its attachment. */
export function jsonFeed(board: Noticeboard, notices: readonly Notice[], origin: string): object {
  const home = origin + boardPath(board.slug)
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title: board.name,
    home_page_url: home,
    feed_url: `${home}/feed.json`,
    description: `What ${board.name} has to say, newest first.`,
    authors: [{ name: board.name, url: home }],
    items: notices.map((notice) => {
      const url = origin + noticePath(board.slug, notice.id)
      const addressOf = (position: number) => origin + picturePath(board.slug, notice.id, position)
      const link = separateLink(notice)
      return {
        id: url,
        url,
        title: titleOf(board, notice),
        content_html: contentOf(board, notice, origin),
        content_text: printable(notice.text),
        date_published: notice.publishedAt.toISO(),
        language: notice.language,
        ...(link ? { external_url: link.href } : {}),
        ...(notice.pictures[0] ? { image: addressOf(notice.pictures[0].position) } : {}),
        ...(notice.pictures.length > 0
          ? {
              attachments: notice.pictures.map((picture) => ({
                url: addressOf(picture.position),
                mime_type: picture.mime,
                size_in_bytes: picture.size,
                ...(picture.alt ? { title: picture.alt } : {}),
              })),
            }
          : {}),
      }
    }),
  }
}

function contentOf(board: Noticeboard, notice: Notice, origin: string): string {
  const link = separateLink(notice)
  return [
    htmlOf(notice.text),
    ...notice.pictures.map(
      (picture) =>
        `<p><img src="${escapeHtml(origin + picturePath(board.slug, notice.id, picture.position))}" alt="${escapeHtml(printable(picture.alt))}" width="${picture.width}" height="${picture.height}"></p>`,
    ),
    ...(link ? [`<p>${linkTo(link.href, link.href)}</p>`] : []),
  ].join('\n')
}

/** The characters that HTML escapes are those that XML needs, and `&#39;` is known to both. */
function xml(text: string): string {
  return escapeHtml(printable(text))
}

function rfc822(at: DateTime): string {
  return at.toUTC().toRFC2822() ?? ''
}
