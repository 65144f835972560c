import { alongWords, authorWords, mannerWords, targetWords } from '../../drafts/target.js'
import { platformRules } from '../../platforms/rules.js'
import { channelChanges, stretches } from './review-changes.js'
import type { ChangesSince, JustSaid, ReviewedChannel, ReviewedPart, ReviewView } from './review-view.js'
import { Html, safe } from './safe-html.js'

/** What the public will see on one channel, with what changed there. */
export function channelCard(channel: ReviewedChannel, since: ChangesSince | null): Html {
  const initial = [...channel.channelName.trim()][0] ?? '?'
  return safe`<article class="card"><div class="who"><div class="face" aria-hidden="true">${initial.toUpperCase()}</div>
<div><h3>${channel.channelName}</h3><p class="mut small">${channel.networkName} · ${channel.length}</p></div></div>
${channel.contentWarning !== null && safe`<p class="page"><span>Hidden behind these words until somebody opens it${channel.below.length > 0 && ', with all its parts'}</span><strong dir="auto">${channel.contentWarning}</strong></p>`}
${channel.target && somebodysPost(channel.target)}
${wordsAndPictures(channel, 'the post', channel)}
${channel.below.map((part) => safe`<section class="below"><h4>${part.name} <span class="mut small">· ${part.length}</span></h4>${wordsAndPictures(part, part.name === 'The first comment' ? 'the comment' : 'this part', channel)}</section>`)}
${channel.visibility !== null && safe`<p class="page"><span>Who can see it</span>${channel.visibility}</p>`}
${channelChanges(since, channel.channelId)}
<p class="foot"><span>When: <strong>${channel.when}</strong></span></p></article>`
}

/** Somebody else's words: set apart from ours, and with nothing in them that can be pressed. */
function somebodysPost(target: NonNullable<ReviewedChannel['target']>): Html {
  const { before, after } = mannerWords[target.manner]
  const along = alongWords(target.manner)
  return safe`<section class="diff"><h4>${before} <bdi>${authorWords(target)}</bdi>${after}</h4>
<blockquote dir="auto">${targetWords(target)}</blockquote>
${along !== null && safe`<p>${along}</p>`}<p>Its address: ${linkTo(target.address)}</p></section>`
}

function wordsAndPictures(
  { text, pictures, link }: ReviewedPart | ReviewedChannel,
  what: string,
  channel: ReviewedChannel,
): Html {
  return safe`${text !== '' && safe`<p class="words" dir="auto">${marked(text)}</p>`}
${pictures.map((picture, index) => pictureFigure(picture, index, pictures.length, channel))}
${link !== null && safe`<p class="page"><span>Link shown with ${what}</span>${linkTo(link)}</p>`}`
}

function pictureFigure(
  picture: ReviewedChannel['pictures'][number],
  index: number,
  count: number,
  { network, networkName }: ReviewedChannel,
): Html {
  const name = count === 1 ? 'the picture' : `picture ${String(index + 1)} of ${String(count)}`
  const shown = platformRules[network].capabilities.altText ? '' : ` (${networkName} does not show it)`
  const description = safe`Description${shown}: ${picture.alt.trim() === '' ? safe`<strong>none</strong>` : picture.alt}`
  if (picture.src === '')
    return safe`<figure><figcaption><strong>This ${picture.film ? 'film' : 'picture'} cannot be shown.</strong> ${description}</figcaption></figure>`
  if (picture.film)
    return safe`<figure><video controls preload="metadata" playsinline src="${picture.src}" width="${picture.width}" height="${picture.height}" aria-label="The film"></video>
<figcaption>${description}</figcaption></figure>`
  return safe`<figure><img src="${picture.small}" width="${picture.width}" height="${picture.height}" alt="${picture.alt}">
<figcaption>${description}<br>
<a href="${picture.src}" target="_blank" rel="noopener noreferrer">See ${name} in full size<span class="v"> (opens in a new tab)</span></a></figcaption></figure>`
}

/** Addresses become links to try, tags and names look as they will; what the words are stays untouched. */
function marked(text: string): Html[] {
  const found: Html[] = []
  let from = 0
  for (const match of text.matchAll(
    /https?:\/\/[^\s<>"]*[^\s<>".,;:!?'’)\]]|(?<![\p{L}\p{N}_])[#@][\p{L}\p{N}_][\p{L}\p{N}_.-]*(?<![.-])/gu,
  )) {
    found.push(
      safe`${text.slice(from, match.index)}`,
      match[0].startsWith('http') ? linkTo(match[0]) : safe`<b>${match[0]}</b>`,
    )
    from = match.index + match[0].length
  }
  return [...found, safe`${text.slice(from)}`]
}

/** A link in a new tab, so that ticks and note are not lost; anything but a web address stays words. */
function linkTo(href: string): Html {
  if (!/^https?:\/\//i.test(href)) return safe`${href}`
  return safe`<a href="${href}" target="_blank" rel="noopener noreferrer nofollow">${href}<span class="v"> (opens in a new tab)</span></a>`
}

const states = {
  open: 'suggests',
  applied: 'suggested, and the author took it up,',
  dismissed: 'suggested, and it was not taken up,',
}

/** What people said about the post: reviewers see it before they decide. */
export function remarksSection({ remarks, remarksLeftOut }: ReviewView): Html | null {
  if (remarks.length === 0) return null
  return safe`<section aria-labelledby="said"><h2 id="said">What people said about it</h2>${
    remarksLeftOut > 0 &&
    safe`<p class="mut small">${remarksLeftOut === 1 ? 'One earlier remark is' : `${String(remarksLeftOut)} earlier remarks are`} on the post’s page in the workspace.</p>`
  }<ul class="said">${remarks.map(
    ({ name, when, version, text, suggestion }) =>
      safe`<li><p><strong>${name}</strong> <span class="mut small">${when}${version !== null && `, on version ${String(version)}`}</span></p>${
        suggestion &&
        safe`<p class="mut small">${states[suggestion.state]} other words for ${suggestion.label}${suggestion.difference.length > 0 && ':'}</p>${
          suggestion.difference.length > 0 && safe`<p class="lines" dir="auto">${stretches(suggestion.difference)}</p>`
        }`
      }${text !== '' && safe`<p class="lines" dir="auto">${text}</p>`}</li>`,
  )}</ul></section>`
}

/** That what somebody has just sent on its own has arrived. */
export function saidBox(said: JustSaid | null, view: ReviewView): Html | null {
  return (
    said &&
    safe`<p class="calm" role="status"><strong>${said === 'comment' ? 'Your note was sent.' : 'Your words were sent.'}</strong> ${view.authorName} is told by e-mail. This decided nothing.</p>`
  )
}
