import { megabytes } from './measure.js'
import type { Capabilities, PlatformRules } from './platform.js'
import { platformRules } from './rules.js'

const counterNames: Record<Capabilities['metrics'][number], string> = {
  reactions: 'reactions',
  replies: 'replies',
  reposts: 'reposts',
  clicks: 'clicks',
  impressions: 'views',
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
  ['taking a post down', ({ capabilities }) => (capabilities.retract ? 'yes' : 'by hand at the network')],
  ['sending again after a lost answer', ({ capabilities }) => (capabilities.idempotent ? 'safe' : 'a person looks')],
  ['counters', ({ capabilities }) => capabilities.metrics.map((name) => counterNames[name]).join(', ')],
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

The two numbers in the last row are where a new channel starts; an admin can change them. A counter that a network does not give stays empty and is never shown as a zero.
`
}
