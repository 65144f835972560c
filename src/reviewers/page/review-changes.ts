import type {
  PartDifference,
  PictureDifference,
  PlacedPicture,
  TimingDifference,
} from '../../drafts/revision-difference.js'
import { condense, type Stretch } from '../../drafts/word-difference.js'
import type { ChangesSince } from './review-view.js'
import { type Html, safe } from './safe-html.js'

/** More changes of one text than these are told as fewer, longer ones: the page has to stay under 50 KB. */
const mostChanges = 16

type ChangedChannel = ChangesSince['channels'][number]

const why: Record<ChangesSince['because'], string> = {
  answered: 'the last one that you answered',
  asked: 'the last one that you were asked about',
  chosen: 'the one that you chose',
}

/** What the page says about the comparison as a whole, with the way to another one. */
export function changesIntroduction(
  since: ChangesSince | null,
  earlierVersions: readonly number[],
  address: string,
): Html | null {
  if (earlierVersions.length === 0) return null
  const others = earlierVersions.filter((number) => number !== since?.version)
  const links = others.map(
    (number) => safe`<a href="${address}?since=${number}">version ${number}</a>${number !== others.at(-1) && safe`, `}`,
  )
  const compare = others.length > 0 && safe`<span>Compare with ${links}</span>`
  if (since === null) {
    return safe`<p class="calm">There were earlier versions, which you have not been asked about. ${compare}</p>`
  }
  return safe`<p class="calm">${
    since.same
      ? safe`Nothing that will be public differs from <strong>version ${since.version}</strong>, ${why[since.because]}.`
      : safe`What changed since <strong>version ${since.version}</strong>, ${why[since.because]}, is marked below.`
  } ${compare}</p>`
}

/** What changed on a channel that the post still goes to. */
export function channelChanges(since: ChangesSince | null, channelId: string): Html | null {
  const changed = since?.channels.find((each) => each.channelId === channelId)
  if (!since || !changed) return null
  switch (changed.kind) {
    case 'added':
      return safe`<div class="diff"><h4>New since version ${since.version}</h4><p>In version ${since.version} the post did not go to this channel.</p></div>`
    case 'same':
      return safe`<div class="diff"><h4>Since version ${since.version}</h4><p>Nothing changed here: all that will be public is the same.</p></div>`
    default:
      return safe`<div class="diff"><h4>What changed since version ${since.version}</h4>
${changed.kind === 'other-account' && safe`<p><strong>Another account:</strong> the channel has been connected to a different account since.</p>`}${wordsOf(changed, since)}${replaced('Link', changed.link)}${replaced('Language', changed.language)}${replaced('Content warning', changed.contentWarning)}${replaced('Who can see it', changed.visibility)}${replaced('Somebody’s post', changed.target)}${picturesOf(changed, since)}${changed.below.flatMap((part) => partChange(part, since) ?? [])}</div>`
  }
}

/** The channels that the post does not go to any more, and a new time. */
export function otherChanges(since: ChangesSince | null): Html | null {
  if (!since) return null
  const gone = since.channels.filter((each) => each.kind === 'removed')
  return safe`${gone.map(
    (each) =>
      safe`<article class="card"><div class="who"><div><h3>Not any more: ${each.channelName}</h3><p class="mut small">${each.networkName}</p></div></div>
<div class="diff"><h4>Removed since version ${since.version}</h4><p>It was to go there with these words:</p><p dir="auto">${deleted(each.before?.text ?? '')}</p>${each.below.flatMap((part) => partChange(part, since) ?? [])}</div></article>`,
  )}${since.timing !== null && timingChange(since, since.timing)}`
}

function timingChange(since: ChangesSince, timing: TimingDifference): Html {
  const name = (channelId: string) => since.channels.find((each) => each.channelId === channelId)?.channelName ?? ''
  return safe`<article class="card"><div class="who"><div><h3>The time changed since version ${since.version}</h3></div></div><div class="diff">
${timing.before !== timing.after && safe`<p>${deleted(timing.before)} ${inserted(timing.after)}</p>`}${timing.windows.map(
    (each) =>
      safe`<p>Windows of ${name(each.channelId)}: ${each.removed.map((words) => safe`${deleted(words)} `)}${each.added.map((words) => safe`${inserted(words)} `)}</p>`,
  )}</div></article>`
}

function wordsOf({ channelId, text, before, after }: ChangedChannel, since: ChangesSince): Html {
  if (text.every(({ kind }) => kind === 'same')) return safe`<p>The words are the same.</p>`
  const first = since.channels.find((each) => each.before?.text === before?.text && each.after?.text === after?.text)
  return first && first.channelId !== channelId
    ? safe`<p>The words changed in the same way as for ${first.channelName}.</p>`
    : safe`<p dir="auto">${stretches(text)}</p>`
}

/** Words that stayed, went and came; marked for eyes by line and colour, and in words for ears. */
export function stretches(text: readonly Stretch[]): Html[] {
  return condense(text, mostChanges).map(({ kind, text: words }) =>
    kind === 'same' ? safe`${words}` : kind === 'added' ? inserted(words) : deleted(words),
  )
}

function replaced(name: string, value: { before: string | null; after: string | null } | null): Html | null {
  return value && safe`<p>${name}: ${deleted(value.before ?? 'none')} ${inserted(value.after ?? 'none')}</p>`
}

function partChange(part: PartDifference, since: ChangesSince): Html | null {
  if (part.kind === 'same') return null
  const name = part.part === 'comment' ? 'The first comment' : `Part ${String(part.number)}`
  const happened = { changed: 'changed', added: 'is new', removed: 'was removed' }[part.kind]
  return safe`<p><strong>${name} ${happened}.</strong></p>${part.text.length > 0 && safe`<p dir="auto">${stretches(part.text)}</p>`}${replaced('Link', part.link)}${picturesOf(part, since)}`
}

function picturesOf({ pictures }: Pick<PartDifference, 'pictures'>, since: ChangesSince): Html[] {
  return pictures.flatMap((each) => pictureChange(each, since) ?? [])
}

function pictureChange({ kind, before, after, moved, alt }: PictureDifference, since: ChangesSince): Html | null {
  const number = String((after ?? before)?.place ?? 0)
  const described = alt && safe`<p>Description of picture ${number}: <span dir="auto">${stretches(alt)}</span></p>`
  switch (kind) {
    case 'same': {
      const elsewhere = moved && safe`<p>Picture ${number} was picture ${String(before?.place ?? 0)}.</p>`
      return elsewhere || described ? safe`${elsewhere}${described}` : null
    }
    case 'added':
      return after && safe`<p><strong>Picture ${number} is new.</strong></p>${pair(null, after, since)}`
    case 'removed':
      return (
        before &&
        safe`<p><strong>A picture was removed,</strong> the former picture ${number}.</p>${pair(before, null, since)}`
      )
    case 'replaced':
      return (
        before &&
        after &&
        safe`<p><strong>Picture ${number} was replaced.</strong></p>${pair(before, after, since)}${described}`
      )
  }
}

/** Side by side, each with its name above: which is which is not left to the order alone. */
function pair(before: PlacedPicture | null, after: PlacedPicture | null, since: ChangesSince): Html {
  return safe`<div class="pair">${before && thumb('Before', before, since)}${after && thumb('Now', after, since)}</div>`
}

function thumb(name: string, picture: PlacedPicture, { pictures }: ChangesSince): Html {
  const address = pictures[picture.sha256]
  const alt = picture.alt.trim() || 'without a description'
  return safe`<figure><figcaption>${name}</figcaption>${
    address?.small
      ? safe`<a href="${address.src}" target="_blank" rel="noopener noreferrer"><img src="${address.small}" width="${address.width}" height="${address.height}" alt="${name}: ${alt}"><span class="v"> (opens in a new tab)</span></a>`
      : safe`<span>${address?.film ? safe`A film: ` : ''}${alt}</span>`
  }</figure>`
}

function inserted(text: string): Html {
  return safe`<ins><i>[added: </i>${text}<i>] </i></ins>`
}

function deleted(text: string): Html {
  return safe`<del><i>[removed: </i>${text}<i>] </i></del>`
}
