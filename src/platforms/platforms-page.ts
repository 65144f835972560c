import { megabytes } from './measure.js'
import type { Capabilities, PlatformRules, Visibility } from './platform.js'
import { platformRules } from './rules.js'
import { canTarget } from './target-rules.js'

const counterNames: Record<Capabilities['metrics'][number], string> = {
  reactions: 'reactions',
  replies: 'replies',
  reposts: 'reposts',
  clicks: 'clicks',
  impressions: 'views',
}

const visibilityNames: Record<Visibility, string> = {
  public: 'everybody',
  unlisted: 'not in public timelines',
  followers: 'followers',
}

const yesNo = (is: boolean) => (is ? 'yes' : 'no')

function spell(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`
}

/** What is compared, one row each, and how a network's rules say it. */
const rows: readonly (readonly [string, (rules: PlatformRules) => string])[] = [
  ['text', ({ measure, limits }) => `${limits.textLimit} ${measure('').unit}`],
  ['pictures', ({ limits }) => `${limits.pictures}, each at most ${megabytes(limits.pictureBytes)}`],
  ['picture types', ({ limits }) => limits.pictureTypes.map((type) => type.replace('image/', '')).join(', ')],
  [
    'description of a picture',
    ({ capabilities, limits }) => {
      if (!capabilities.altText) return 'not possible'
      return limits.altText === null ? 'any length' : `${limits.altText} characters`
    },
  ],
  [
    'films (MP4; Seconder itself keeps up to 40 MB)',
    ({ limits: { video } }) => (video ? `${megabytes(video.bytes)}, ${spell(video.seconds)}` : 'no'),
  ],
  ['threads', ({ capabilities: { threads } }) => (threads ? `${threads.parts} parts` : 'no')],
  ['first comment', ({ capabilities }) => yesNo(capabilities.firstComment)],
  ['content warning', ({ capabilities }) => yesNo(capabilities.contentWarning)],
  ['who can see it', ({ capabilities }) => capabilities.visibilities.map((each) => visibilityNames[each]).join(', ')],
  [
    // Somebody's post is named by its address: what cannot be found by it is neither answered nor passed on.
    'answering others, passing posts on',
    ({ capabilities: can }) => {
      const passing =
        canTarget(can, 'repost') && !canTarget(can, 'quote') ? 'without words' : yesNo(canTarget(can, 'repost'))
      return `${yesNo(canTarget(can, 'answer'))}, ${passing}`
    },
  ],
  [
    'taking a post down',
    ({ capabilities: { retract, retractWithinHours } }) => {
      if (!retract) return 'by hand at the network'
      return retractWithinHours === undefined ? 'yes' : `within ${retractWithinHours} hours, then by hand`
    },
  ],
  ['sending again after a lost answer', ({ capabilities }) => (capabilities.idempotent ? 'safe' : 'a person looks')],
  ['counters', ({ capabilities }) => capabilities.metrics.map((name) => counterNames[name]).join(', ') || 'none'],
  ['what others write', ({ capabilities }) => (capabilities.replies ? 'read' : 'not read')],
  ['cost', ({ capabilities }) => capabilities.cost ?? 'none'],
  [
    'posts of a new channel',
    ({ capabilities: { gapMinutes, dailyCap } }) => `${gapMinutes} min apart, ${dailyCap} a day`,
  ],
]

/** `docs/platforms/README.md`: what each network takes and can do, side by side. */
export function platformsPage(): string {
  const networks = Object.values(platformRules)
  const heads = networks.map(({ network, capabilities }) => `[${capabilities.name}](${network}.md)`)
  const lines = rows.map(([name, cell]) => `| ${[name, ...networks.map(cell)].join(' | ')} |`)
  return `# Networks

<!-- Made from src/platforms/rules.ts by \`npm run generate\`. -->

| | ${heads.join(' | ')} |
|---|${'---|'.repeat(networks.length)}
${lines.join('\n')}

The two numbers in the last row are where a new channel starts; an admin can change them. A counter that a network does not give stays empty and is never shown as a zero. Limits that a server tells for an account, as Mastodon's do, are asked when it is connected and every day, and hold instead of these.

## What will not work

${cautions(networks)}
`
}

function cautions(networks: readonly PlatformRules[]): string {
  return networks
    .filter(({ capabilities }) => capabilities.cautions.length > 0)
    .map(({ capabilities: { name, cautions: said } }) => `**${name}.** ${said.join(' ')}`)
    .join('\n\n')
}
