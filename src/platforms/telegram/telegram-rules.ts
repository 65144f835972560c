import { checkCapabilities } from '../capability-rules.js'
import { checkPictures } from '../picture-rules.js'
import type { Capabilities, Limits, Measure, PlatformRules, Problem } from '../platform.js'

/** `sendMessage`, `text`: 1-4096 characters after entities parsing. Source: https://core.telegram.org/bots/api#sendmessage */
const TEXT = 4096
/** `sendPhoto`, `caption`: 0-1024. Source: https://core.telegram.org/bots/api#sendphoto */
const CAPTION = 1024

const limits: Limits = {
  textLimit: TEXT,
  // `sendMediaGroup`: 2-10 items. Source: https://core.telegram.org/bots/api#sendmediagroup
  pictures: 10,
  // "10 MB max size for photos, 50 MB for other files." Source: https://core.telegram.org/bots/api#sending-files
  pictureBytes: 10_000_000,
  altText: null,
  pictureTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
  video: { bytes: 50_000_000, seconds: 24 * 3600, types: ['video/mp4'] },
}

/** Telegram counts UTF-16 code units, as JavaScript's `length` does. Source: https://core.telegram.org/api/entities#entity-length */
function measure(text: string): Measure {
  return { used: text.length, limit: TEXT, unit: 'characters' }
}

const capabilities: Capabilities = {
  name: 'Telegram',
  altText: false,
  retract: true,
  // A bot cannot delete a message that is older. Source: https://core.telegram.org/bots/api#deletemessage
  retractWithinHours: 48,
  // The Bot API knows no key of ours, and a bot cannot read what it posted.
  idempotent: false,
  settlingSeconds: 5,
  // No method of the Bot API tells views; reactions come by updates only.
  metrics: [],
  gapMinutes: 30,
  dailyCap: 10,
  threads: { parts: 25 },
  firstComment: false,
  contentWarning: false,
  visibilities: ['public'],
  answers: false,
  reposts: false,
  lookUp: false,
  replies: false,
  cautions: [
    'Telegram has no descriptions of pictures: put what matters about a picture into the words.',
    'If Telegram does not answer, nobody can tell by machine whether a post is there: somebody is asked to look.',
    'Telegram lets a bot delete a post for 48 hours; after that somebody deletes it in the channel.',
    'Telegram tells no views and no reactions, so the weekly summary has none for it.',
  ],
}

/** Limits and habits of Telegram channels (Bot API 10.1). */
export const telegramRules: PlatformRules = {
  network: 'telegram',
  capabilities,
  limits,
  measure,
  check(post) {
    const problems: Problem[] = []
    const say = (field: Problem['field'], message: string) => problems.push({ field, message })
    const hasMedia = post.pictures.length > 0 || post.video !== undefined
    const limit = hasMedia ? CAPTION : TEXT
    const { used } = measure(post.text)
    if (used > limit)
      say(
        'text',
        `Telegram takes ${limit} characters${hasMedia ? ' below pictures or a film' : ''}; this text has ${used}.`,
      )
    if (post.text.trim() === '' && !hasMedia)
      say('text', 'Telegram needs a text, a picture or a film; this post has none.')
    if (post.link !== null && hasMedia && !post.text.includes(post.link))
      say('link', 'Telegram shows no link card below pictures. Put the link into the text, or leave the pictures out.')
    if (post.pictures.length > 1 && post.pictures.some((picture) => picture.mime === 'image/gif'))
      say('pictures', 'Telegram shows a GIF only alone. Leave out the other pictures, or the GIF.')
    return [
      ...problems,
      ...checkPictures('Telegram', limits, post.pictures),
      ...checkCapabilities(capabilities, limits, post),
    ]
  },
}
